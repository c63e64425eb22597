"""Words, sentences, dates, numbers and tokens: what any room asks of a text."""

"""The evidence check: whether a sentence is carried by the passages that it cites."""

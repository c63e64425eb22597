"""From a question and its history to the query that the search understands."""

"""Answers without a model: the best sentences of the passages, word for word."""

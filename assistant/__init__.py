"""Cited, checked answers from a shelf of local-government reports."""

__version__ = "0.2.0"

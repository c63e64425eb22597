"""Dates of sources in words, and how old a source is at the pack's date."""

from __future__ import annotations

from assistant.dates import age_of, date_words

__all__ = ["age_of", "date_words"]

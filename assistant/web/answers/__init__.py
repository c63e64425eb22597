"""Answers and their sources as HTML; everything that is not ours is escaped."""

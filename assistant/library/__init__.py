"""The team's shelf: the reports it added, kept with their text, and every change noted."""

"""The Briefing page: an agenda in, a cited pack out."""

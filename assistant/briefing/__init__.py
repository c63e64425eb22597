"""Briefing packs: an agenda goes in, a pack with numbered references comes out."""

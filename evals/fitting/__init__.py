"""Weights fitted on the development cases and pairs, never on the held-out."""

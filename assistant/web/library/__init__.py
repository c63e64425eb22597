"""The Library page: what is on the shelf, and the team's own reports."""

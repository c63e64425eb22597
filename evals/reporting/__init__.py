"""A run as people read it: tables, charts, a page, the figures of README."""

"""The documents of the shelf, opened at the place that a citation names."""

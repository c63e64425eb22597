"""Several processes on one machine: what runs around the pages, and how it is begun."""

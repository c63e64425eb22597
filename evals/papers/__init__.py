"""Papers of our own making, in the manner of real ones, and questions on them."""

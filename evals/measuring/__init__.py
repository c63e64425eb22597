"""What an answer is measured by, and the sums over many."""

"""The passages and sentences that may answer a query, and whether they do."""

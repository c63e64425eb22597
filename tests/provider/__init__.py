"""A model server for tests: real HTTP, and answers that each test scripts."""

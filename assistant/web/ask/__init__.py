"""The Ask page: a conversation, its evidence, and what can be done with an answer."""

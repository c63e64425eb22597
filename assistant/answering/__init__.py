"""From a question and its history to a checked answer."""

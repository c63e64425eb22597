"""Follow-ups: what a conversation is about, and the rules that complete a question."""

"""The agenda: read from a file or pasted, its items, and the questions they become."""

"""The index: Chroma holds the chunks, SQLite FTS5 their words, a manifest the rest."""

"""From report files to documents with sections, and from sections to chunks."""

"""The store of chunks: Chroma. Nothing outside this room imports chromadb."""

"""Our own wall before Gradio: what it may be sent, and whose files it hands out."""

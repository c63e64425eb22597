"""Writes a conversation with the renderers of briefing packs."""

from __future__ import annotations

from datetime import datetime

from assistant.briefing.export import render_document
from assistant.transcript.conversation import Transcript
from assistant.transcript.layout import lay_out

SUFFIXES = (".docx", ".pdf", ".md")


def render(transcript: Transcript, suffix: str) -> bytes:
    """Return a conversation as the bytes of a file: ``.docx``, ``.pdf`` or ``.md``."""
    return render_document(lay_out(transcript), suffix)


def file_name(saved_at: datetime, suffix: str) -> str:
    """Return a name that sorts by time: ``conversation-2026-11-22-2110.docx``."""
    return f"conversation-{saved_at:%Y-%m-%d-%H%M}{suffix}"

"""Cited, checked answers from a shelf of local-government reports."""

import os

__version__ = "0.2.0"

# onnxruntime, which runs the embedding model, else sends facts of the machine and of the
# process to its maker from the moment it is imported; no later call takes that back.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

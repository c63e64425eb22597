"""The model that writes: made here, and nowhere else does anything import openai."""

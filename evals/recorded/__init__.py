"""Replies of language models to the very requests of the pipeline, and their replay."""

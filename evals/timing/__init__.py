"""Speed, load and size: what an answer, a busy page and a large shelf cost."""

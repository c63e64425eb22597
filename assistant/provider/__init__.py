"""The model server: any that speaks as OpenAI does, read tolerantly, under our own deadlines."""

"""Our answers and passages beside those of other ways to make them."""

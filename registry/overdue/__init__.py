"""Late returns and what they cost."""

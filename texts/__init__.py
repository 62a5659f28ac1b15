"""The catalogue: every sentence that people read, by stable keys, one PO file a language."""

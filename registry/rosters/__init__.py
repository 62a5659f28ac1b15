"""Rosters: the files that the Education Bureau and the schools send, from the first byte to the registry's tables (Q3, Q4)."""

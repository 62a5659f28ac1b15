"""Cards of patrons: at most one of a kind each (Q9-b)."""

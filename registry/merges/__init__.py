"""Duplicates: two accounts of one person become one, and two again while that can be undone."""

"""Holds: who waits for a title, and the way of an item to whoever waits."""

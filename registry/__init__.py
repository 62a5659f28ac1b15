"""The central registry: the only authority over patrons, cards, items and loans. Kiosks replicate it and tell it what happened."""

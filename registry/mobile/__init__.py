"""Mobile cards: the devices on which a patron is signed in, and the codes that they show (Q7-b, Q8-a, R14)."""

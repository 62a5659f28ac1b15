"""Schools: which branch each belongs to in a school year, its deadlines and progress, and how its pupils are reached."""

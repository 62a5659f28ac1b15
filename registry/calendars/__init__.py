"""Opening days: dated changes with where they come from, and the due dates that move with them."""

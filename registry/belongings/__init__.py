"""What belongs to a patron: every table that names one, what a change did to these rows, and how it is taken back."""

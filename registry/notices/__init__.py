"""What the library has to tell its patrons: whom, of what, by which way; never of which title."""

"""What staff and patrons ask for: whose card is this, replace it, stop it, give it back, is this the PIN."""

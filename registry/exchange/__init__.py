"""What travels: facts in, the change feed and snapshots out."""

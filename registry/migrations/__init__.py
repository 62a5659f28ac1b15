"""The database revisions, run at every start."""

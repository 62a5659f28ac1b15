"""The ledger's way from version to version. A revision, once released, never changes."""

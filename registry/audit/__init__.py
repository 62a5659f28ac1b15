"""The audit trail: append-only."""

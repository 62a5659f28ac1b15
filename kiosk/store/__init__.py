"""The kiosk's two databases: the replica, which can be thrown away, and the ledger, which is precious."""

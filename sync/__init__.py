"""The two HTTP threads of a kiosk: facts go up, changes and snapshots come down. See ``docs/sync-protocol.md``."""

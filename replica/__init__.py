"""The file a kiosk reads from and the registry builds. No migrations: another schema version means a new snapshot."""

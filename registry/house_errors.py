"""What can be wrong with what a registry is asked."""


class SnapshotExistsError(Exception):
    """Rows were to be loaded without telling the feed, but a kiosk may already hold a snapshot: it would never hear of them."""


class UnknownCardError(LookupError):
    """No such number is on record."""

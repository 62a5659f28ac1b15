"""Why a kiosk lends nothing, takes nothing back and shows nothing: stable codes, the sentences stand in the catalogue."""

NO_REPLICA = "no_replica"
LEDGER_UNWRITABLE = "ledger_unwritable"
REVOKED = "revoked"


def out_of_service(*, revoked: bool, unwritable: bool, has_replica: bool) -> str | None:
    """The first reason there is; none: it serves."""
    if revoked:
        return REVOKED
    if unwritable:
        return LEDGER_UNWRITABLE
    return None if has_replica else NO_REPLICA

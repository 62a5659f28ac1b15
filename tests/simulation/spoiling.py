"""Rows of a replica that are not the registry's any more, as by a bit that flips or a change that was never told."""

from random import Random

from tests.simulation.kiosk import Kiosk

_SPOILS = (
    "DELETE FROM patron WHERE id = (SELECT id FROM patron ORDER BY id LIMIT 1 OFFSET {number})",
    "UPDATE item SET title = title || '?' WHERE id = (SELECT id FROM item ORDER BY id LIMIT 1 OFFSET {number})",
    "INSERT INTO patron SELECT x'{key}', masked_name, patron_class, expires, contact_complete, regular_here FROM patron LIMIT 1",
)
"""Nobody is let in by these who should not be, and nothing is lent twice: until it is put right a person may be turned away."""


def spoil_a_row(kiosk: Kiosk, chance: Random) -> bool:
    """One row goes, becomes another or is put in; whether there was a replica."""
    used = kiosk._core._feed.in_use
    if used is None:
        return False
    statement = chance.choice(_SPOILS).format(number=chance.randrange(20), key=chance.randbytes(16).hex())
    used.replica._connection.exec_driver_sql(statement)
    return True

"""What holds of moments, late returns and strangers' books when all is quiet (sync rules 10 and 16). In plain SQL, by nobody's stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from tests.simulation.invariants import Quiet
from tests.simulation.laws import BrokenLawError, Law


def strangers_are_known(world: Quiet) -> None:
    """A book that came back where it is unknown is known at the registry by its barcode."""
    barcodes = {barcode for (barcode,) in world.house.rows("SELECT barcode FROM item")}
    for body, reasons in world.house.rows("SELECT body, reasons FROM fact WHERE length(body) > 0 AND reasons LIKE '%item_unknown%'"):
        fact = msgspec.json.decode(body)["fact"]
        if fact["type"] == "checked_in" and fact["barcode"] in barcodes:
            raise BrokenLawError(Law.STRANGER, f"the return of {fact['barcode']} is of an unknown item to the registry: {reasons}")


def moments_are_true(world: Quiet) -> None:
    """A fact's moment at the registry is that of the world, give or take the error that stands with it; none is in the future."""
    timed = 0
    for key, happened, error, received in world.house.rows(
        "SELECT fact_key, happened_at, error_ms, received_at FROM fact WHERE happened_at IS NOT NULL"
    ):
        true = world.net.happened.get(UUID(bytes=key))
        if happened > received:
            raise BrokenLawError(Law.CLOCK, f"a fact happened at {_at(happened)}, after it was received at {_at(received)}")
        if true is None or error is None:
            continue
        timed += 1
        off = abs(_at(happened) - true)
        if off > timedelta(milliseconds=error + 1):
            raise BrokenLawError(Law.CLOCK, f"a fact of {true} is said to have happened {off} off, give or take {error} ms")
    if not timed:
        raise BrokenLawError(Law.CLOCK, "no fact's moment is known")


def nobody_is_late_by_a_clock(world: Quiet) -> None:
    """What came back in time is booked as late by no clock."""
    late = {UUID(bytes=loan) for (loan,) in world.house.rows("SELECT loan FROM late_return WHERE loan IS NOT NULL")}
    facts = (msgspec.json.decode(body)["fact"] for (body,) in world.house.rows("SELECT body FROM fact WHERE length(body) > 0"))
    named = {fact["loan"] for fact in facts if fact["type"] == "checked_in" and fact["loan"]}
    for loan in world.net.in_time & late:
        if str(loan) in named:
            raise BrokenLawError(Law.CLOCK, f"loan {loan} came back in time and is booked as late")


def _at(microseconds: int) -> datetime:
    """An instant as the registry's SQLite database holds it."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


BOUNDS: tuple[Callable[[Quiet], None], ...] = (strangers_are_known, moments_are_true, nobody_is_late_by_a_clock)

"""What the kiosk knew and what the registry has, side by side, for the eyes of staff. Pure.

Nothing of it is kept with the case: it is read from the fact and the loans, and goes when they forget.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, FactEnvelope, Renewed
from registry.cases.store_conflicts import FlaggedFact, LoanOnRecord

_ENVELOPE = msgspec.json.Decoder(FactEnvelope)


def sides_of_fact(one: FlaggedFact, zone: ZoneInfo) -> tuple[dict[str, str], dict[str, str | None]]:
    """What the kiosk said, and what is on record, by stable names (``case.side.<name>``)."""
    said = {"kiosk": one.kiosk, "seq": str(one.seq), **_said(one.body, zone)}
    known: dict[str, str | None] = {"barcode": one.barcode, "title": one.title}
    if one.loan is not None:
        known |= {"due": one.loan.due.isoformat(), "loan": _state(one.loan, zone)}
    if one.other is not None:
        known |= {"other_due": one.other.due.isoformat(), "other_loan": _state(one.other, zone)}
    return said, {name: value for name, value in known.items() if value is not None}


def _said(body: bytes, zone: ZoneInfo) -> dict[str, str]:
    try:
        envelope = _ENVELOPE.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # It has been forgotten, or an older program keeps it in another way.
        return {}
    told = {"happened_at": _instant(envelope.at, zone), "fact": str(type(envelope.fact).__struct_config__.tag)}
    match envelope.fact:
        case CheckedOut(due=due) | Renewed(due=due):
            told["due"] = due.isoformat()
        case CheckedIn(barcode=barcode):
            told["barcode"] = barcode
        case CardReportedLost():
            told["card_reported"] = envelope.fact.card.hex()
    return told


def _state(one: LoanOnRecord, zone: ZoneInfo) -> str:
    until = "…" if one.closed_at is None else _instant(one.closed_at, zone)
    return f"{_instant(one.lent_at, zone)} → {until}"


def _instant(at: datetime, zone: ZoneInfo) -> str:
    try:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    except OverflowError:  # a clock that was plainly wrong
        return at.isoformat()

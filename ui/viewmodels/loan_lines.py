"""Loans and holds in words: titles only when they may be shown, due dates, and why something can't be renewed."""

from dataclasses import dataclass

from kiosk.view import HoldLine, LoanLine, RenewalState
from ui.plain import plain
from ui.speech import SILENT, Phrase, Speech
from ui.viewmodels.place import branch_name

MOST_REASONS = 2
"""Said at once: many lines stand on this screen."""

_LONGEST_SHELF = 12


@dataclass(frozen=True, slots=True)
class LoanShown:
    """One loan in words. ``status`` is what became of a renewal, or why there can be none; ``spare`` how often it may still be renewed."""

    number: int
    title: str
    due: Phrase
    overdue: bool
    state: RenewalState
    status: Phrase = SILENT
    reasons: tuple[Phrase, ...] = ()
    instruction: Phrase = SILENT
    spare: Phrase = SILENT

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""
        return {
            "number": self.number,
            "title": self.title,
            "due": self.due.for_qml(),
            "overdue": self.overdue,
            "state": self.state.value,
            "status": self.status.for_qml(),
            "reasons": [reason.for_qml() for reason in self.reasons],
            "instruction": self.instruction.for_qml(),
            "spare": self.spare.for_qml(),
            "can_renew": self.state is RenewalState.POSSIBLE,
        }


def loan_shown(line: LoanLine, speech: Speech) -> LoanShown:
    """Put a loan into words; without a title it is called by its kind and number (R21)."""
    stopped = line.renewal in {RenewalState.NOT_POSSIBLE, RenewalState.REFUSED}
    return LoanShown(
        number=line.number,
        title=plain(line.title) or speech.main.say(f"kind.{line.kind.value}", number=line.number),
        due=speech.dated("loan.was_due" if line.overdue else "line.due", line.due),
        overdue=line.overdue,
        state=line.renewal,
        status=SILENT if line.renewal is RenewalState.POSSIBLE else speech.phrase(f"renewal.{line.renewal.value}"),
        reasons=tuple(speech.phrase(f"reason.{reason.value}") for reason in line.reasons[:MOST_REASONS]) if stopped else (),
        instruction=speech.phrase(f"reason.{line.reasons[0].value}.do") if stopped and line.reasons else SILENT,
        spare=SILENT if stopped or not line.renewals_left else speech.phrase("loan.renewals_left", count=line.renewals_left),
    )


@dataclass(frozen=True, slots=True)
class HoldShown:
    """One hold in words. ``where``: where it is collected; ``when``: until when, or the place in the queue."""

    number: int
    title: str
    where: Phrase
    when: Phrase
    shelf: Phrase = SILENT
    here: bool = False

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""
        return {
            "number": self.number,
            "title": self.title,
            "where": self.where.for_qml(),
            "when": self.when.for_qml(),
            "shelf": self.shelf.for_qml(),
            "here": self.here,
        }


def ready_hold_shown(number: int, hold: HoldLine, speech: Speech) -> HoldShown:
    """Put a hold that can be collected into words."""
    shelf = plain(hold.shelf, longest=_LONGEST_SHELF)
    return HoldShown(
        number=number,
        title=_hold_title(number, hold, speech),
        where=_where("hold.collect", hold, speech),
        when=SILENT if hold.until is None else speech.dated("hold.until", hold.until),
        shelf=speech.phrase("hold.shelf", shelf=shelf) if shelf else SILENT,
        here=hold.here,
    )


def waiting_hold_shown(number: int, hold: HoldLine, speech: Speech) -> HoldShown:
    """Put a hold that waits into words."""
    return HoldShown(
        number=number,
        title=_hold_title(number, hold, speech),
        where=_where("hold.later", hold, speech),
        when=_when(hold, speech),
        here=hold.here,
    )


def _when(hold: HoldLine, speech: Speech) -> Phrase:
    """How long it may take: where a copy for it is, or the place in the queue."""
    if hold.state.is_coming:
        return speech.phrase(f"hold.{hold.state}")
    return speech.phrase("hold.queue", count=hold.queue) if hold.queue else speech.phrase("hold.queue.unknown")


def _hold_title(number: int, hold: HoldLine, speech: Speech) -> str:
    return plain(hold.title) or speech.main.say("hold.untitled", number=number)


def _where(key: str, hold: HoldLine, speech: Speech) -> Phrase:
    if hold.here:
        return speech.phrase(f"{key}.here")
    branch = branch_name(hold.pickup, speech)
    return speech.pair(speech.main.say(f"{key}.at", branch=branch.main), speech.second.say(f"{key}.at", branch=branch.second))

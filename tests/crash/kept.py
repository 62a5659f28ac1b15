"""Whether the ledger that a killed kiosk left behind holds what its screen had shown as done. The real code opens a copy of it."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec

from circulation.facts import CheckedIn, CheckedOut, CheckoutUndone, FactEnvelope
from kiosk.store.errors import LedgerError, LedgerUnwritableError
from kiosk.store.ledger import Ledger
from kiosk.store.set_aside import open_or_begin, set_aside_in
from tests.crash.life import Told
from youyue.clock import SystemClock

_COPIED = ("ledger.db", "ledger.db-wal", "ledger.mark")
"""Not the index of the log: the next opener makes it anew, as it does after every crash."""
_MOST = 1_000


class LostError(AssertionError):
    """A ledger does not keep what was shown; the message says what of it."""


@dataclass
class Kept:
    """How far a ledger had come when it was looked at last. ``lent``: loans by its facts so far that are not back, with their books."""

    seq: int = 0
    last: bytes = b""
    lent: dict[UUID, str] = field(default_factory=dict)

    def look(self, folder: Path, scratch: Path, key: bytes, told: Iterable[Told], book_of: Callable[[UUID], str]) -> int:
        """Hold a kiosk's ledger against what it has told since the last look, and note what is new; how many facts that were.

        Raises:
            LostError: it has lost something.

        """
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        for name in _COPIED:
            if (folder / name).exists():
                shutil.copy(folder / name, scratch / name)
        try:
            ledger = open_or_begin(scratch / "ledger.db", key, new_epoch=lambda: UUID(int=1, version=4), now=SystemClock().now())
        except LedgerError as error:
            message = f"the ledger can't be opened: {error}"
            raise LostError(message) from None
        try:
            return self._hold(ledger, scratch, list(told), book_of)
        except LedgerUnwritableError as error:
            message = f"the ledger can't be read: {error}"
            raise LostError(message) from None
        finally:
            ledger.close()

    def _hold(self, ledger: Ledger, scratch: Path, told: list[Told], book_of: Callable[[UUID], str]) -> int:
        if set_aside_in(scratch):
            message = "the ledger is damaged"
            raise LostError(message)
        if ledger.owes is not None:
            message = "facts that the mark knows of are gone"
            raise LostError(message)
        if self.seq and ledger.bodies(self.seq, 1) != [self.last]:
            message = f"fact {self.seq}, which was there before, is gone or another"
            raise LostError(message)
        bodies = ledger.bodies(self.seq + 1, _MOST)
        facts = [msgspec.json.decode(body, type=FactEnvelope) for body in bodies]
        if [fact.seq for fact in facts] != list(range(self.seq + 1, self.seq + 1 + len(facts))):
            message = f"the numbers are not dense: {[fact.seq for fact in facts]}"
            raise LostError(message)
        _require_told(facts, told)
        _require_effects(ledger, facts)
        if facts:
            self.seq, self.last = facts[-1].seq, bodies[-1]
        for fact in facts:
            self._note(fact, book_of)
        return len(facts)

    def _note(self, envelope: FactEnvelope, book_of: Callable[[UUID], str]) -> None:
        match envelope.fact:
            case CheckedOut(loan=loan, item=item):
                self.lent[loan] = book_of(item)
            case CheckoutUndone(loan=loan):
                self.lent.pop(loan, None)
            case CheckedIn(barcode=barcode):
                self.lent = {loan: book for loan, book in self.lent.items() if book != barcode}


def _require_told(facts: list[FactEnvelope], told: list[Told]) -> None:
    written: set[tuple[str, str]] = set()
    for envelope in facts:
        match envelope.fact:
            case CheckedOut(loan=loan):
                written.add(("lent", str(loan)))
            case CheckoutUndone(loan=loan):
                written.add(("put_back", str(loan)))
            case CheckedIn(barcode=barcode):
                written.add(("returned", barcode))
    missing = [one for one in told if (one.kind, one.loan or one.book) not in written]
    if missing:
        message = f"shown as done and not in the ledger: {', '.join(one.kind for one in missing)}"
        raise LostError(message)


def _require_effects(ledger: Ledger, facts: list[FactEnvelope]) -> None:
    """An effect is there with its fact, and not without it."""
    rows = ledger._connection.exec_driver_sql("SELECT id, last_seq FROM local_loan").all()
    last = ledger.last_seq()
    if any(seq > last for _, seq in rows):
        message = "an effect is there without its fact"
        raise LostError(message)
    first = ledger.first_to_send()
    unsent = [one.fact for one in facts if first is not None and one.seq >= first]
    effects = {key for key, _ in rows}
    if any(isinstance(fact, CheckedOut) and fact.loan.bytes not in effects for fact in unsent):
        message = "a loan is there without its effect"
        raise LostError(message)

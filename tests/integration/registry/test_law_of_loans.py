"""The law of loans: whatever kiosks send, in batches of any cut, the open loans are what a simple model says, and each fact is counted once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Raw
from sqlalchemy import delete, update
from uuid_utils.compat import uuid7

from circulation.facts import CheckedIn, CheckedOut, CheckoutUndone, Fact, Renewed
from circulation.ids import KioskId
from circulation.wire import FactStatus, PushAnswer, PushBatch
from registry.cases.tables import staff_case
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.exchange.push import FactIntake
from registry.exchange.sender import Sender
from registry.exchange.tables import fact, feed, feed_head, flagged_fact, ledger
from registry.kiosks import store as kiosks
from registry.kiosks.tables import kiosk
from registry.lending.tables import loan
from tests.integration.registry.city import START, City, Kiosk, deaf

BRANCHES = ("C01", "L12")
DUE = date(2026, 4, 10)


@dataclass(frozen=True)
class Step:
    """One thing that happened at a kiosk. ``of`` is an earlier step whose loan it is about; ``minute`` is its clock's."""

    kind: str
    kiosk: int
    who: int
    book: int
    of: int
    minute: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["lend", "lend", "return by barcode", "return", "renew", "undo"]),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 2),
        st.integers(0, 20),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=14,
)


@dataclass
class Held:
    """One open loan, as the model has it."""

    patron: UUID
    book: UUID
    lent_at: datetime
    kiosk: int
    due: date = DUE
    renewals: int = 0


@dataclass
class Model:
    """Who has what, as a librarian with a notebook would know it."""

    city: City
    loans: list[UUID]
    held: dict[UUID, Held] = field(default_factory=dict)
    returned: set[tuple[UUID, UUID]] = field(default_factory=set)
    """Each book with the loan that its return named: a loan is over though its own fact comes after the return's (I8)."""

    def take(self, step: Step, number: int) -> Fact:
        """Note what happened, and say it as the kiosk's fact."""
        patron = (self.city.ming, self.city.hua)[step.who]
        book = self.city.books[step.book]
        at = START + timedelta(minutes=step.minute)
        of = self.loans[step.of % len(self.loans)]
        match step.kind:
            case "lend":
                if (book, self.loans[number]) not in self.returned:
                    self.held[self.loans[number]] = Held(patron, book, at, step.kiosk)
                return CheckedOut(loan=self.loans[number], patron=patron, item=book, due=DUE, rules=1)
            case "renew":
                due = DUE + timedelta(days=number)
                one = self.held.get(of)
                if one is not None and one.patron == patron:
                    one.due, one.renewals = max(one.due, due), one.renewals + 1
                return Renewed(loan=of, patron=patron, due=due, rules=1)
            case "undo":
                if of in self.held and self.held[of].kiosk == step.kiosk:
                    del self.held[of]
                return CheckoutUndone(loan=of)
            case "return":
                self.returned.add((book, of))
                self._end(book, step.kiosk, at, named=of)
                return CheckedIn(barcode="?", item=book, loan=of)
            case _:
                self._end(book, step.kiosk, at, named=None)
                return CheckedIn(barcode=f"3023400000000{step.book}")

    def _end(self, book: UUID, kiosk: int, at: datetime, *, named: UUID | None) -> None:
        ended = [key for key, one in self.held.items() if one.book == book and (one.kiosk == kiosk or one.lent_at <= at or key == named)]
        for key in ended:
            del self.held[key]


@given(steps=STEPS, cuts=st.lists(st.booleans(), min_size=14, max_size=14))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # every example begins with tables made empty
def test_the_open_loans_are_those_of_a_simple_model(city: City, steps: list[Step], cuts: list[bool]) -> None:
    city.registry.database.write(_as_founded)
    model = Model(city, [uuid7() for _ in steps])
    facts = [model.take(step, number) for number, step in enumerate(steps)]
    statuses = _pushed(city, steps, facts, cuts)
    rows = city.sql("SELECT id, patron, item, due, renewals FROM loan WHERE closed_at IS NULL")
    assert {row[0]: row[1:] for row in rows} == {
        key.bytes: (one.patron.bytes, one.book.bytes, one.due.isoformat(), one.renewals) for key, one in model.held.items()
    }
    assert city.sql("SELECT count(*) FROM fact") == [(len(steps),)]
    lent = [key for key, step in zip(model.loans, steps, strict=True) if step.kind == "lend"]
    assert sorted(row[0] for row in city.sql("SELECT id FROM loan")) == sorted(key.bytes for key in lent)
    assert FactStatus.MALFORMED not in statuses
    assert city.sql("SELECT n FROM feed_head") == city.sql("SELECT count(*) FROM feed")


def _pushed(city: City, steps: list[Step], facts: list[Fact], cuts: list[bool]) -> list[FactStatus]:
    """Each kiosk's facts in its order, in batches that end where the kiosk changes and wherever a cut says."""
    intake = FactIntake(city.registry.database, now=lambda: START + timedelta(hours=1), zone=city.registry.settings.zone, notify=deaf)
    senders = [_enrolled(city, number) for number in range(2)]
    makers = [Kiosk("", city.clock, None, None) for _ in senders]  # type: ignore[arg-type] # they only write envelopes
    sent = [0, 0]
    statuses: list[FactStatus] = []
    for number, part in _batches(steps, cuts):
        bodies = [makers[number].envelope(facts[index], at=START + timedelta(minutes=steps[index].minute)) for index in part]
        batch = PushBatch(epoch=makers[number].epoch, first_seq=sent[number] + 1, facts=[Raw(body) for body in bodies])
        answer = intake.take(senders[number], batch)
        assert isinstance(answer, PushAnswer)
        assert intake.take(senders[number], batch).results == answer.results  # type: ignore[union-attr] # it would have failed above
        sent[number] += len(part)
        statuses += [result.status for result in answer.results]
    return statuses


def _batches(steps: list[Step], cuts: list[bool]) -> Iterator[tuple[int, list[int]]]:
    for number, run in groupby(range(len(steps)), key=lambda index: steps[index].kiosk):
        part: list[int] = []
        for index in run:
            part.append(index)
            if cuts[index]:
                yield number, part
                part = []
        if part:
            yield number, part


def _as_founded(work: UnitOfWork) -> None:
    for table in (flagged_fact, staff_case, fact, ledger, loan, feed, kiosk):
        work.connection.execute(delete(table))
    work.connection.execute(update(item).values(status="available", held_for=None))
    work.connection.execute(update(feed_head).values(n=0))


def _enrolled(city: City, number: int) -> Sender:
    record = kiosks.KioskRecord(KioskId(UUID(int=number + 1)), "k", BRANCHES[number], bytes(32), city.clock())
    city.registry.database.write(lambda work: kiosks.add(work, record))
    return Sender(record.id, BRANCHES[number])

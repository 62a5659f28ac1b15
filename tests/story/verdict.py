"""Whether a registry knows what the oracle says, person by person. A difference is told so that somebody can look."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from circulation.cards import CardUid
from registry.cards.tables import card
from registry.cases.kinds import CaseKind
from registry.cases.tables import staff_case
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.house import Registry
from registry.rosters.tables import consent, roster_waiting
from tests.story.accounts import Account
from tests.story.oracle import Oracle
from tests.story.player import Player, about

MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A patron as one side knows one: cards are (kind, number, lost)."""

    name: str
    born: str
    complete: bool
    years: tuple[int, ...]
    cards: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is compared: patrons by national ID, cases by kind and whom they are about, rows that wait."""

    patrons: dict[str, Known]
    cases: frozenset[tuple[str, str]]
    waiting: int


def told_by(oracle: Oracle) -> State:
    """What must be."""
    return State({number: _account(one) for number, one in oracle.accounts.items()}, frozenset(oracle.cases), len(oracle.waiting))


def _account(one: Account) -> Known:
    cards = sorted((kind.value, card.number, card.lost) for kind, card in one.cards.items())
    return Known(one.name, one.born.isoformat(), one.complete, tuple(sorted(one.years)), tuple(cards))


def found_by(player: Player) -> State:
    """What is."""
    with player.registry.database.reading() as connection:
        waiting = connection.execute(select(func.count()).select_from(roster_waiting)).scalar_one()
        return State(dict(_patrons(connection)), frozenset(_cases(connection)) | frozenset(player.settled), waiting)


def _patrons(connection: Connection) -> Iterator[tuple[str, Known]]:
    cards: dict[object, list[tuple[str, str, bool]]] = {}
    for row in connection.execute(select(card.c.patron, card.c.kind, card.c.uid, card.c.state).order_by(card.c.kind)):
        cards.setdefault(row.patron, []).append((row.kind, row.uid, row.state == "lost"))
    years: dict[object, list[int]] = {}
    for given in connection.execute(select(consent.c.patron, consent.c.school_year).order_by(consent.c.school_year)):
        years.setdefault(given.patron, []).append(given.school_year)
    for one in connection.execute(select(patron).where(stands())):
        of_one = tuple(years.pop(one.id, ())), tuple(cards.pop(one.id, ()))
        yield one.national_id, Known(one.name, one.birth_date.isoformat(), one.contact_complete, *of_one)
    assert not cards, "a card of nobody"
    assert not years, "a consent of nobody"


def _cases(connection: Connection) -> Iterator[tuple[str, str]]:
    """Those that can still be read; one about a whole file is nobody's."""
    for row in connection.execute(select(staff_case.c.kind, staff_case.c.asks).where(staff_case.c.kind != CaseKind.BATCH_UNUSUAL)):
        if row.asks:
            yield row.kind, about(row.kind, row.asks)


def differences(expected: State, found: State) -> list[str]:
    """Everything in which a registry differs from the oracle."""
    told = [
        f"{number}: expected {expected.patrons.get(number)}\n{' ' * len(number)}     found {found.patrons.get(number)}"
        for number in sorted(expected.patrons.keys() | found.patrons.keys())
        if expected.patrons.get(number) != found.patrons.get(number)
    ]
    told += [f"no case {kind} about {who}" for kind, who in sorted(expected.cases - found.cases)]
    told += [f"a case {kind} about {who} that nobody expected" for kind, who in sorted(found.cases - expected.cases)]
    if expected.waiting != found.waiting:
        told.append(f"{found.waiting} rows wait, and {expected.waiting} should")
    return told


def assert_same(oracle: Oracle, player: Player) -> None:
    """Fail with the first few differences. No former number may find anybody (Q6-4)."""
    told = differences(told_by(oracle), found_by(player))
    told += [f"the former number {number} finds somebody" for number in still_found(oracle, player.registry)]
    assert not told, "\n".join([f"{len(told)} differences, such as", *told[:MOST_TOLD]])


def still_found(oracle: Oracle, registry: Registry) -> Iterator[str]:
    """Former numbers that somebody still answers to."""
    for number in oracle.former:
        try:
            registry.desk.cards.card(CardUid.from_hex(number))
        except DeskRefusedError as error:
            if error.code is DeskRefusal.NO_SUCH_RECORD:
                continue
        yield number

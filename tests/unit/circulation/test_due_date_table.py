"""Due dates around midnight, by a table made by hand from the calendar: the library's date decides, never UTC's, never the machine's.

Taipei is eight hours ahead of UTC: at 23:30 there both have the same date, at 00:30 UTC is still on the day before.
Closed in 2026 and 2027, as ``youyue/library/opening_days.toml`` says: first Thursdays (2 April, 7 May, 1 October ...), Lunar New Year
(Mon 16 to Fri 20 February), Peace Memorial Day (Sat 28 February), Children's Day and Tomb Sweeping (Sat 4, Sun 5 April), Dragon Boat
(Fri 19 June), National Day (Sat 10 October), Christmas (Fri 25 December), New Year (Fri 1 January). Days: books 30, hot titles and
audio-visual 14; a renewal counts from the day it is made.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from msgspec import Raw

from circulation.blocks import BlockCode
from circulation.facts import CheckedOut, Fact, FactEnvelope, Renewed
from circulation.ids import BranchCode
from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.opening_days import local_date
from circulation.patrons import Patron
from circulation.policy import due_date
from circulation.reasons import Reason
from circulation.renewals import decide_renewal, renewed_due_date
from circulation.rules import RuleBook
from circulation.wire import FactStatus, encode
from kiosk.events import LoansChosen, RenewChosen
from kiosk.view import Loans
from registry.exchange.arrivals import read_arrivals
from registry.exchange.facts import settle
from registry.exchange.outcomes import Outcome, Place
from registry.exchange.world import OpenLoan, World
from tests.builders import a_block, a_loan, a_patron, an_item
from tests.kiosk_world import WANG, a_kiosk
from youyue.library import opening_days, rule_sets

TAIPEI = ZoneInfo("Asia/Taipei")
BOOK, HOT, AV = ItemKind.BOOK, ItemKind.HOT_TITLE, ItemKind.AUDIO_VISUAL
CALENDAR, RULE_SETS = opening_days(), rule_sets()
RULES = next(iter(RULE_SETS[0].by_class.values()))


class Renewal(NamedTuple):
    """One row: when it is made in Taipei, of what, due until then, due afterwards or refused, and why."""

    local: str
    kind: ItemKind
    before: str
    after: str | Reason
    why: str

    @property
    def at(self) -> datetime:
        return instant(self.local)

    @property
    def refused(self) -> tuple[Reason, ...]:
        return (self.after,) if isinstance(self.after, Reason) else ()


#   lent in Taipei      kind  due           why                                                  and by UTC's date
LENT = [
    ("2026-03-10 23:30", BOOK, "2026-04-09", "30 days, an ordinary Thursday"),
    ("2026-03-11 00:30", BOOK, "2026-04-10", "an hour later is the next day"),  # 9 April
    ("2026-03-03 23:30", BOOK, "2026-04-03", "2 April is a first Thursday: Friday"),
    ("2026-03-05 00:30", BOOK, "2026-04-06", "4 and 5 April are holidays on a weekend: Monday"),  # 3 April
    ("2026-04-22 23:30", HOT, "2026-05-06", "14 days, the day before the first Thursday"),
    ("2026-04-23 00:30", HOT, "2026-05-08", "7 May is a first Thursday: Friday"),  # 6 May
    ("2026-06-04 23:30", AV, "2026-06-18", "14 days, the day before Dragon Boat"),
    ("2026-06-05 00:30", AV, "2026-06-20", "19 June is Dragon Boat: Saturday"),  # 18 June
    ("2026-01-16 23:30", BOOK, "2026-02-15", "the Sunday before Lunar New Year"),
    ("2026-01-17 00:30", BOOK, "2026-02-21", "16 to 20 February are Lunar New Year: Saturday"),  # 15 February
    ("2026-01-29 23:30", BOOK, "2026-03-01", "28 February is Peace Memorial Day: Sunday"),
    ("2026-09-17 23:30", HOT, "2026-10-02", "1 October is a first Thursday: Friday"),
    ("2026-09-26 00:30", AV, "2026-10-11", "10 October is National Day: Sunday"),  # 9 October
    ("2026-12-11 00:30", HOT, "2026-12-26", "25 December is a holiday: Saturday"),  # 24 December
    ("2026-12-01 23:30", BOOK, "2026-12-31", "the last day of the year"),
    ("2026-12-02 00:30", BOOK, "2027-01-02", "1 January is a holiday: Saturday of the next year"),  # 31 December
]

#   renewed in Taipei   kind  due before    due after     why                                    and by UTC's date
RENEWED = [
    Renewal("2026-04-02 23:30", BOOK, "2026-04-03", "2026-05-02", "30 days from today, a Saturday"),
    Renewal("2026-04-03 00:30", BOOK, "2026-04-03", "2026-05-03", "an hour later is the next day"),  # 2 May
    Renewal("2026-04-03 23:30", BOOK, "2026-04-03", "2026-05-03", "the last minutes of its last day are in time"),
    Renewal("2026-04-04 00:30", BOOK, "2026-04-03", Reason.LOAN_OVERDUE, "an hour later it is overdue"),  # in time
    Renewal("2026-03-04 00:30", BOOK, "2026-04-10", "2026-04-10", "3 April comes before the date it has: that stays"),
    Renewal("2026-04-22 23:30", HOT, "2026-04-23", "2026-05-06", "14 days, the day before the first Thursday"),
    Renewal("2026-04-23 00:30", HOT, "2026-04-23", "2026-05-08", "7 May is a first Thursday: Friday"),  # 6 May
    Renewal("2026-04-23 23:30", HOT, "2026-04-23", "2026-05-08", "the same, at the end of the day"),
    Renewal("2026-06-05 00:30", HOT, "2026-06-05", "2026-06-20", "19 June is Dragon Boat: Saturday"),  # 18 June
    Renewal("2026-06-05 23:30", AV, "2026-06-05", Reason.KIND_NOT_RENEWABLE, "audio-visual items never"),
    Renewal("2026-12-02 00:30", BOOK, "2026-12-02", "2027-01-02", "1 January is a holiday: Saturday of the next year"),  # 31 December
]

#   asked in Taipei     what stands in the way until when                     the reasons                  and by UTC's date
JUDGED = [
    ("2026-04-03 23:30", {"loan_due": "2026-04-03"}, []),
    ("2026-04-04 00:30", {"loan_due": "2026-04-03"}, [Reason.PATRON_HAS_OVERDUE]),  # in time
    ("2026-03-10 23:30", {"expires": "2026-03-10"}, []),
    ("2026-03-11 00:30", {"expires": "2026-03-10"}, [Reason.PATRON_EXPIRED]),  # valid
    ("2026-03-10 23:30", {"suspended": "2026-03-10"}, [Reason.PATRON_SUSPENDED]),
    ("2026-03-11 00:30", {"suspended": "2026-03-10"}, []),  # suspended
]

lent_rows = pytest.mark.parametrize(("local", "kind", "due", "why"), LENT, ids=[f"{local} {kind}" for local, kind, *_ in LENT])
judged_rows = pytest.mark.parametrize(("local", "obstacle", "reasons"), JUDGED)
renewed_rows = pytest.mark.parametrize("row", RENEWED, ids=lambda row: f"{row.local} {row.kind}")


@pytest.fixture(params=["UTC", "America/Los_Angeles"], autouse=True)
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of the machine hangs anywhere."""
    with monkeypatch.context() as there:
        there.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def instant(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=TAIPEI).astimezone(UTC)


def day(iso: str) -> date:
    return date.fromisoformat(iso)


def a_loan_of(patron: Patron, kind: ItemKind, due: str) -> Loan:
    return a_loan(patron=patron.id, kind=kind, due=day(due), lent_at=instant("2026-01-02 12:00"))


def settled(world: World, fact: Fact, at: datetime) -> Outcome:
    """The registry hears it two days later: the day on which it happened counts."""
    body = encode(FactEnvelope(key=uuid4(), seq=1, at=at, monotonic=0, boot="b", correlation="c", fact=fact))
    [outcome] = settle(read_arrivals(1, [Raw(body)]), world, Place(uuid4(), BranchCode("C01"), at + timedelta(days=2), TAIPEI))
    return outcome


@lent_rows
def test_the_rule_gives_the_date_of_the_table(local: str, kind: ItemKind, due: str, why: str) -> None:
    today = local_date(instant(local), TAIPEI)

    assert due_date(an_item(kind=kind), RULES, CALENDAR, today=today) == day(due), why


@lent_rows
def test_by_utcs_date_every_row_after_midnight_would_be_another(local: str, kind: ItemKind, due: str, why: str) -> None:
    by_utc = due_date(an_item(kind=kind), RULES, CALENDAR, today=instant(local).date())

    assert (by_utc != day(due)) == local.endswith("00:30")


@lent_rows
def test_a_kiosk_shows_and_records_the_date_of_the_table(tmp_path: Path, local: str, kind: ItemKind, due: str, why: str) -> None:
    kiosk = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(kind=kind)], rule_sets=RULE_SETS, calendar=CALENDAR)
    kiosk.clock.wall = instant(local)

    kiosk.tap()
    kiosk.scan("30234000517861")

    assert kiosk.line.due == day(due), why
    [fact] = kiosk.facts
    assert fact.at == instant(local)
    assert isinstance(fact.fact, CheckedOut)
    assert fact.fact.due == day(due)


@lent_rows
def test_the_registry_finds_nothing_wrong_with_a_loan_of_the_table(local: str, kind: ItemKind, due: str, why: str) -> None:
    ming, item = a_patron(), an_item(kind=kind)
    world = World({ming.id: ming}, {item.id: item}, {}, RuleBook.of(RULE_SETS))

    outcome = settled(world, CheckedOut(loan=uuid4(), patron=ming.id, item=item.id, due=day(due), rules=1), instant(local))

    assert outcome.status is FactStatus.ACCEPTED
    [made] = world.changes.lent.values()
    assert (made.loan.due, made.loan.lent_at) == (day(due), instant(local))


def with_obstacle(obstacle: Mapping[str, str]) -> tuple[Patron, list[Loan]]:
    suspended = (a_block(BlockCode.SUSPENDED, until=day(obstacle["suspended"])),) if "suspended" in obstacle else ()
    ming = a_patron(expires=day(obstacle["expires"]) if "expires" in obstacle else None, blocks=suspended)
    return ming, [a_loan_of(ming, BOOK, obstacle["loan_due"])] if "loan_due" in obstacle else []


@judged_rows
def test_the_kiosk_and_the_registry_judge_the_same_instant_by_the_same_day(
    tmp_path: Path, local: str, obstacle: Mapping[str, str], reasons: list[Reason]
) -> None:
    (ming, loans), item = with_obstacle(obstacle), an_item()
    kiosk = a_kiosk(tmp_path, cards={WANG: ming}, items=[item], loans=loans, rule_sets=RULE_SETS, calendar=CALENDAR)
    kiosk.clock.wall = instant(local)
    world = World({ming.id: ming}, {item.id: item}, {}, RuleBook.of(RULE_SETS))
    for loan in loans:
        world.open(OpenLoan(loan, None))

    kiosk.tap()
    kiosk.scan(item.barcode)
    heard = settled(world, CheckedOut(loan=uuid4(), patron=ming.id, item=item.id, due=day("2026-05-08"), rules=1), instant(local))

    assert list(kiosk.line.reasons) == reasons
    assert list(heard.reasons) == reasons


@renewed_rows
def test_the_rule_of_renewals_gives_the_date_of_the_table(row: Renewal) -> None:
    ming, today = a_patron(), local_date(row.at, TAIPEI)
    loan = a_loan_of(ming, row.kind, row.before)

    assert decide_renewal(ming, loan, RULES, today=today).reasons == row.refused, row.why
    if not row.refused:
        assert renewed_due_date(loan, RULES, CALENDAR, today=today) == day(row.after), row.why


@renewed_rows
def test_a_kiosk_renews_to_the_date_of_the_table(tmp_path: Path, row: Renewal) -> None:
    ming = a_patron()
    loan = a_loan_of(ming, row.kind, row.before)
    kiosk = a_kiosk(tmp_path, cards={WANG: ming}, loans=[loan], rule_sets=RULE_SETS, calendar=CALENDAR)
    kiosk.clock.wall = row.at

    kiosk.tap()
    screen = kiosk.say(LoansChosen(), RenewChosen(loan.id))

    assert isinstance(screen, Loans)
    [line] = screen.loans
    against = row.refused if row.after != row.before else (Reason.NO_DAYS_GAINED,)
    assert (line.due, line.reasons) == (day(row.before if row.refused else row.after), against), row.why
    assert [fact.fact.due for fact in kiosk.facts if isinstance(fact.fact, Renewed)] == ([] if against else [line.due])


@renewed_rows
def test_the_registry_judges_a_renewal_by_the_day_it_was_made(row: Renewal) -> None:
    ming = a_patron()
    loan = a_loan_of(ming, row.kind, row.before)
    world = World({ming.id: ming}, {}, {}, RuleBook.of(RULE_SETS))
    world.open(OpenLoan(loan, None))
    promised = day("2026-05-03" if row.refused else row.after)

    outcome = settled(world, Renewed(loan=loan.id, patron=ming.id, due=promised, rules=1), row.at)

    assert outcome.reasons == row.refused, row.why

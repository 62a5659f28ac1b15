"""Whatever two accounts have, and whichever cards stay: a merge that is undone leaves both as they were."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardUid
from circulation.holds import HoldState
from circulation.ids import CardId, PatronId
from registry.cards import store as cards
from registry.cards.store import CardRecord
from registry.database import UnitOfWork
from registry.desk.store_pins import set_pin
from registry.enrolment.tables import patron
from registry.holds import store as store_holds
from registry.lending import store as lending
from registry.lending.store import BlockRecord
from registry.merges.rules import MergeOrder
from registry.rosters.tables import consent, contact, pupil, roster_batch
from tests.builders import a_loan
from tests.integration.registry.city import START, City, a_hold
from tests.integration.registry.merges.pair import STAFF, WHY, rows_of

OTHER_KINDS = (CardKind.IPASS, CardKind.BARCODE, CardKind.CHIP)
NUMBERS = {kind: (CardUid.from_hex(f"0400010{i}"), CardUid.from_hex(f"0400020{i}")) for i, kind in enumerate(OTHER_KINDS)}

SIDE = st.fixed_dictionaries(
    {
        "kinds": st.frozensets(st.sampled_from(OTHER_KINDS)),
        "loans": st.frozensets(st.integers(0, 3)),
        "waits": st.booleans(),
        "fetches": st.booleans(),
        "blocked": st.booleans(),
        "pin": st.booleans(),
        "pupil": st.booleans(),
        "contact": st.booleans(),
        "years": st.frozensets(st.sampled_from([113, 114])),
        "complete": st.booleans(),
        "has_id": st.booleans(),
    }
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=SIDE, other=SIDE, keep=st.lists(st.booleans(), min_size=4, max_size=4), turned=st.booleans())
def test_r8_a_merge_undone_is_as_if_it_had_never_been(
    *, city: City, one: dict[str, Any], other: dict[str, Any], keep: list[bool], turned: bool
) -> None:
    """Each example is rolled back: the city is every time the same."""
    desk = city.registry.casework.merges
    with city.registry.database.unit_of_work() as work:
        furnish(work, city, city.ming, 0, one)
        furnish(work, city, city.hua, 1, other)
        both = (PatronId(city.hua), PatronId(city.ming)) if turned else (PatronId(city.ming), PatronId(city.hua))
        kinds = [CardKind.EASYCARD, *sorted(one["kinds"] & other["kinds"])]
        order = MergeOrder(*both, WHY, {kind: both[chosen] for kind, chosen in zip(kinds, keep, strict=False)})
        before = rows_of(work.connection)
        key, changes = desk.merge_in(work, order, by=STAFF)
        assert [row.id for row in work.connection.execute(select(patron.c.id))] == [both[0]]
        assert changes
        parting = desk.undo_in(work, key, because="兩個人", by=STAFF)
        assert (rows_of(work.connection), dict(parting.since)) == (before, {})


def furnish(work: UnitOfWork, city: City, whose: UUID, side: int, has: dict[str, Any]) -> None:
    """Give an account what this example says it has."""
    key, batch = PatronId(whose), uuid7()
    secret = city.registry.keys.card_secret
    cards.add(work, (CardRecord(CardId(uuid7()), key, kind, NUMBERS[kind][side]) for kind in sorted(has["kinds"])), secret=secret)
    lending.add_loans(work, [a_loan(id=uuid7(), patron=key, item=city.books[i], lent_at=START) for i in has["loans"]])
    ready = a_hold(key, state=HoldState.READY, item=city.far_book, shelf="3", until=date(2026, 4, 1))
    store_holds.add(work, [*[a_hold(key, title="另一本")][: has["waits"]], *[ready][: has["fetches"]]])
    lending.add_blocks(work, [BlockRecord(uuid7(), key, Block(BlockCode.FEES))][: has["blocked"]])
    row = {
        "id": batch,
        "kind": "bureau-students",
        "sha256": bytes(32),
        "school_year": 114,
        "loaded_at": START,
        "actor": "test",
        "counts": {},
    }
    work.connection.execute(insert(roster_batch), row)
    work.add(consent, ((key, year, batch) for year in sorted(has["years"])))
    work.add(pupil, [(key, "313301", None, None, None)][: has["pupil"]])
    work.add(contact, [(key, "臺北市虛構路1號", None, "0912345678", None, None, "school")][: has["contact"]])
    if has["pin"]:
        set_pin(work, key, "$argon2id$", at=START)
    values = {"contact_complete": has["complete"], **({} if has["has_id"] else {"national_id": None})}
    work.connection.execute(update(patron).where(patron.c.id == key).values(**values))

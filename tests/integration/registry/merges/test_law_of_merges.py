"""Whatever two accounts have, and whichever cards stay: a merge that is undone leaves both as they were."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardUid
from circulation.holds import HoldState
from circulation.ids import CardId, PatronId
from registry.cards.store import CardRecord
from registry.desk.store_pins import set_pin
from registry.enrolment.tables import patron
from registry.lending.store import BlockRecord
from registry.merges.rules import MergeOrder
from registry.rosters.tables import consent, contact, pupil, roster_batch
from tests.builders import a_loan
from tests.integration.registry.city import START, City, Founded, a_hold, reopened
from tests.integration.registry.homes import Homes
from tests.integration.registry.merges.pair import STAFF, WHY, Pair

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


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=SIDE, other=SIDE, keep=st.lists(st.booleans(), min_size=4, max_size=4), turned=st.booleans())
def test_r8_a_merge_undone_is_as_if_it_had_never_been(  # noqa: PLR0913 - two accounts, and where they live
    *,
    founded: Founded,
    homes: Homes,
    tmp_path: Path,
    one: dict[str, object],
    other: dict[str, object],
    keep: list[bool],
    turned: bool,
) -> None:
    home = homes.copy(founded.home, tmp_path / str(uuid7()))
    city = reopened(founded, home)
    with closing(city.registry):
        furnish(city, city.ming, 0, one)
        furnish(city, city.hua, 1, other)
        both = (PatronId(city.hua), PatronId(city.ming)) if turned else (PatronId(city.ming), PatronId(city.hua))
        kinds = [CardKind.EASYCARD, *sorted(one["kinds"] & other["kinds"])]  # type: ignore[operator] # sets of kinds
        order = MergeOrder(*both, WHY, {kind: both[chosen] for kind, chosen in zip(kinds, keep, strict=False)})
        desk = city.registry.casework.merges
        pair = Pair(city, city.ming, city.ming, city.ming)
        before = pair.rows()
        preview = desk.preview(order)
        assert pair.rows() == before
        key = desk.merge(order, by=STAFF)
        assert city.sql("SELECT count(*) FROM patron") == [(1,)]
        assert city.sql("SELECT kind FROM card GROUP BY kind HAVING count(*) > 1") == []
        city.clock.pass_(seconds=timedelta(days=30).total_seconds())
        parting = desk.undo(key, because="兩個人", by=STAFF)
        assert (pair.rows(), dict(parting.since)) == (before, {})
        assert bool(preview) is bool(parting.effects)
    homes.remove(home)


def furnish(city: City, whose: object, side: int, has: dict[str, object]) -> None:
    """Give an account what this example says it has."""
    key = PatronId(whose)  # type: ignore[arg-type] # a key
    registry = city.registry
    registry.add_cards(CardRecord(CardId(uuid7()), key, kind, NUMBERS[kind][side]) for kind in sorted(has["kinds"]))  # type: ignore[call-overload] # a set of kinds
    registry.add_loans(a_loan(id=uuid7(), patron=key, item=city.books[i], lent_at=START) for i in has["loans"])  # type: ignore[attr-defined] # a set of numbers
    if has["waits"]:
        registry.add_holds([a_hold(key, title="另一本")])
    if has["fetches"]:
        registry.add_holds([a_hold(key, state=HoldState.READY, item=city.far_book, shelf="3", until=date(2026, 4, 1))])
    if has["blocked"]:
        registry.add_blocks([BlockRecord(uuid7(), key, Block(BlockCode.FEES))])
    with registry.database.unit_of_work() as work:
        batch = uuid7()
        work.add(roster_batch, [(batch, "bureau-students", bytes(32), 114, None, None, START, "test", {})][: bool(has["years"])])
        work.add(consent, ((key, year, batch) for year in sorted(has["years"])))  # type: ignore[call-overload] # a set of years
        work.add(pupil, [(key, "313301", None, None, None)][: bool(has["pupil"])])
        work.add(contact, [(key, "臺北市虛構路1號", None, "0912345678", None, None)][: bool(has["contact"])])
        if has["pin"]:
            set_pin(work, key, "$argon2id$", at=START)
        values = {"contact_complete": has["complete"], **({} if has["has_id"] else {"national_id": None})}
        work.connection.execute(update(patron).where(patron.c.id == key).values(**values))
        work.commit()

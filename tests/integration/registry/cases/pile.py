"""The pile of cases of the small city: rows that raise questions come in, staff decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from circulation.national_ids import with_check_digit
from registry.belongings.footprint import HISTORY, Effect
from registry.cards.store import CardRecord
from registry.cases.acts import CaseOrder
from registry.cases.decisions import Decision
from registry.cases.desk import CaseDesk
from registry.cases.kinds import CaseKind
from registry.cases.shown import ShownCase
from registry.cases.store import NewCase, open_cases
from registry.cases.store_decisions import Viewer
from registry.desk.questions import ByNumber
from registry.enrolment.store import PatronRecord
from registry.rosters.arrival import ConsentDeclaration
from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from registry.tables import metadata
from tests.integration.registry.city import City
from tests.unit.registry.rosters.roster_files import HEADINGS, a_contact, a_pupil, an_order, bureau_file, contact_file, csv_bytes

NEW = CardUid.from_hex("04000001")
LIN, CHEN = Viewer("staff:lin"), Viewer("staff:chen")
MING_BORN, HUA_BORN = "2014-05-06", "2013-01-02"
WHY = "來電確認過"
REISSUE_HEADINGS = ("身分證字號", "出生年月日", "新悠遊卡號", "補發日期")


@dataclass
class Pile:
    city: City
    folder: Path

    @property
    def desk(self) -> CaseDesk:
        return self.city.registry.casework.cases

    def bureau(self, *pupils: Sequence[str]) -> None:
        self.bring(an_order(bureau_file(self.folder, *pupils)))

    def contacts(self, *contacts: Sequence[str]) -> None:
        self.bring(an_order(contact_file(self.folder, *contacts), RosterKind.SCHOOL_CONTACTS))

    def bring(self, order: RosterOrder) -> None:
        desk = self.city.registry.rosters.desk
        loaded = desk.load(order)
        desk.commit(loaded, desk.preview(loaded, by="bureau"), by="bureau")

    def open(  # noqa: PLR0913 - one optional argument a field
        self,
        kind: CaseKind,
        *,
        patron: UUID | None = None,
        other: UUID | None = None,
        branch: str | None = None,
        by: str = "bureau",
        asks: Mapping[str, str] | None = None,
        known: Mapping[str, str | None] | None = None,
    ) -> UUID:
        """Lay a case before staff that no row raises."""
        key = uuid7()
        keys = (None if patron is None else PatronId(patron), None if other is None else PatronId(other))
        case = NewCase(key, kind, key.bytes * 2, self.city.clock(), by, *keys, branch, None, None, asks or {}, known or {})  # type: ignore[arg-type] # a branch's code
        self.city.registry.database.write(lambda work: open_cases(work, [case]))
        return key

    def one(self) -> ShownCase:
        """The one case that waits."""
        [case] = self.desk.listed(LIN)
        return case

    def effects(self, case: UUID, order: CaseOrder) -> tuple[Effect, ...]:
        return self.desk.preview(case, order, LIN)

    def decide(self, decision: Decision, case: UUID | None = None, **words: object) -> tuple[Effect, ...]:
        order = CaseOrder(decision, WHY, **words)  # type: ignore[arg-type] # a merge's words
        return self.desk.decide(case or self.one().id, order, LIN)

    def holder(self, uid: CardUid) -> UUID | None:
        """Whose card works under this number."""
        found = self.city.registry.desk.cards.find(ByNumber(uid), by="lin")
        return found[0].id if found else None

    def rows(self, *but: str) -> dict[str, list[str]]:
        """Every row of every table, but of those that only grow, and of what batches keep to be undone by."""
        left_out = {
            "audit",
            "audit_head",
            "audit_subject",
            "audit_checkpoint",
            "feed",
            "feed_head",
            "case_undo",
            "merge",
            "roster_batch",
            "roster_effect",
            *HISTORY,
            *but,
        }
        with self.city.registry.database.reading() as connection:
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for table in metadata.sorted_tables
                if table.name not in left_out
            }


def ming(**columns: str) -> tuple[str, ...]:
    """Make a row about Ming as the registry knows him, with a new card."""
    return a_pupil(**{"born": MING_BORN, "card": NEW.hex, **columns})


def hua(**columns: str) -> tuple[str, ...]:
    """Make a row about Hua as the registry knows her, with a new card."""
    return a_pupil(**{"name": "歐陽小華", "national_id": "F131234569", "born": HUA_BORN, "card": NEW.hex, **columns})


def other_name(pile: Pile) -> None:
    pile.bureau(ming(name="王曉明"))


def other_birth_date(pile: Pile) -> None:
    pile.bureau(ming(born="2014-06-05"))


def hua_s_number(pile: Pile) -> None:
    """Ming's row has the number of Hua's card."""
    pile.bureau(ming(card=pile.city.hua_card.hex))


def a_newcomer_with_hua_s_number(pile: Pile) -> None:
    pile.bureau(a_pupil(name="林新", national_id="W234567893", born="2014-01-02", card=pile.city.hua_card.hex))


def a_replaced_number(pile: Pile) -> None:
    """The Bureau names Ming's old number again, after a desk has given him another card."""
    old = pile.city.ming_card
    pile.bureau(ming())
    pile.city.clock.pass_(days=1)
    replace_at_desk(pile, CardUid.from_hex("04000009"), NEW)
    pile.bureau(ming(card=old.hex))


def replace_at_desk(pile: Pile, new: CardUid, seen: CardUid) -> None:
    from registry.desk.replacing import NewCardOrder  # noqa: PLC0415 - for this one story

    order = NewCardOrder(PatronId(pile.city.ming), CardKind.EASYCARD, new, seen)
    pile.city.registry.desk.cards.replace(order, by="staff:desk")


def a_duplicate(pile: Pile) -> None:
    """Hua has a second account under her old resident number, with an iPASS card."""
    second = PatronId(uuid7())
    pile.city.registry.add_patrons([PatronRecord(second, "歐陽小華", "FD12345676", date(2013, 1, 2))])
    pile.city.registry.add_cards([CardRecord(CardId(uuid7()), second, CardKind.IPASS, CardUid.from_hex("04000101"))])
    pile.open(CaseKind.POSSIBLE_DUPLICATE, patron=pile.city.hua, other=second)


def a_new_resident_number(pile: Pile) -> None:
    """A row under a new resident number has Hua's name, birth date and card: she may be the same person."""
    pile.bureau(hua(national_id="A800123450", card=pile.city.hua_card.hex))


def a_wrong_contact(pile: Pile) -> None:
    """Contact data comes under another name."""
    pile.bureau(ming())
    pile.contacts(a_contact(name="王曉明", born=MING_BORN))


def an_older_reissue(pile: Pile) -> None:
    """The Bureau tells of a reissue for Ming that is older than the card it named last."""
    pile.bureau(ming())
    path = pile.folder / "reissues.csv"
    path.write_bytes(csv_bytes([REISSUE_HEADINGS, ("A123456789", MING_BORN, "04000077", "2025-07-01")]))
    pile.bring(an_order(path, RosterKind.REISSUES, declaration=ConsentDeclaration("114-1", "新生")))


def another_form(pile: Pile) -> None:
    """The number in Ming's row is Hua's card when its octets are read in the other order."""
    pile.bureau(ming(card=pile.city.hua_card.octets[::-1].hex().upper()))


def an_unusual_batch(pile: Pile) -> None:
    """Last year's file had five pupils of a school that this year's lacks."""
    headings = (*HEADINGS, "學校代碼")
    numbers = [with_check_digit(f"B1000000{i}") for i in range(5)]
    last_year = [(*a_pupil(national_id=number, card=f"0400A00{i}"), "313301") for i, number in enumerate(numbers)]
    pile.bring(an_order(bureau_file(pile.folder, *last_year, headings=headings), school_year=113))
    this_year = (*a_pupil(name="林新", national_id="W234567893", card=NEW.hex), "413302")
    pile.bring(an_order(bureau_file(pile.folder, this_year, headings=headings)))


def changed_since(pile: Pile) -> None:
    """A batch that had touched Ming was undone, and he has changed since."""
    pile.bureau(ming())
    pile.contacts(a_contact(born=MING_BORN))
    pile.open(CaseKind.CHANGED_SINCE, patron=pile.city.ming, asks={"changed": "card pupil contact branch"})


def tomorrow(pile: Pile) -> None:
    pile.city.clock.pass_(seconds=timedelta(days=1).total_seconds())

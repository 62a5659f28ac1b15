"""The office where schools are looked after in tests: two schools, one for each branch of the small city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from circulation.ids import PatronId
from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from registry.rosters.preview import Preview
from registry.schools.contacts import ContactDesk
from registry.schools.deadlines import Deadline
from registry.schools.desk import SchoolDesk
from registry.schools.list_plan import ListPreview
from registry.schools.school_years import Semester
from registry.schools.store_worklist import Incomplete, Wanted
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import HEADINGS, a_contact, a_pupil, bureau_file, contact_file, csv_bytes

NEAR, FAR = "313501", "313502"
"""The school of the branch C01, and the one of L12."""
LIST = ((NEAR, "虛構國小", "02-2999-0001", "C01"), (FAR, "想像國中", "02-2999-0002", "L12"))
LIN = {"name": "林大雙", "national_id": "W234567893", "born": "1030506"}
TWIN = {"name": "林小雙", "national_id": "O200000015", "born": "1030506"}
CHEN = {"name": "陳一心", "national_id": "F131234569", "born": "1030101"}
FIRST = Deadline(114, Semester.FIRST, date(2025, 9, 1), date(2025, 10, 1), "函 1140001")


@dataclass
class Office:
    counter: Counter
    folder: Path

    @property
    def schools(self) -> SchoolDesk:
        return self.counter.city.registry.desk.schools

    @property
    def contacts(self) -> ContactDesk:
        return self.counter.city.registry.desk.contacts

    def day(self, year: int, month: int, day: int) -> None:
        """It is noon of this day at the library."""
        self.counter.city.clock.at = datetime(year, month, day, 4, 0, tzinfo=self.counter.city.clock.at.tzinfo)

    def list_schools(self, *rows: Sequence[str], school_year: int = 114) -> ListPreview:
        path = self.folder / "schools.csv"
        path.write_bytes(csv_bytes([("學校代碼", "學校名稱", "電話", "指定閱覽單位"), *(rows or LIST)]))
        read = self.schools.load_list(path)
        order = self.schools.order_of(school_year, since=None, source="函 1140002")
        preview = self.schools.preview_list(read, order)
        self.schools.commit_list(read, order, preview, by="office")
        return preview

    def bureau(self, *pupils: tuple[dict[str, str], str, str], school_year: int = 114) -> Preview:
        """Pupils, each with the number of the card and the code of the school; the student number is the card's."""
        rows = [(*a_pupil(**who, card=card, address="戶籍路9號"), school, card) for who, card, school in pupils]
        path = bureau_file(self.folder, *rows, headings=(*HEADINGS, "學校代碼", "學號"))
        return self.load(RosterOrder(RosterKind.BUREAU_STUDENTS, path, school_year))

    def school(self, of_school: str | None, *pupils: dict[str, str], school_year: int = 114, by: str = "branch") -> Preview:
        """A school's file with these pupils."""
        path = contact_file(self.folder, *(a_contact(**who, address="通訊路1號") for who in pupils))
        return self.load(RosterOrder(RosterKind.SCHOOL_CONTACTS, path, school_year, sender=of_school), by=by)

    def load(self, order: RosterOrder, *, by: str = "bureau") -> Preview:
        loaded = self.counter.desk.load(order)
        preview = self.counter.desk.preview(loaded, by=by)
        self.counter.desk.commit(loaded, preview, by=by)
        return preview

    def sql(self, query: str, **bound: str) -> list[tuple[Any, ...]]:
        return self.counter.sql(query, **bound)

    def key_of(self, who: dict[str, str]) -> PatronId:
        ((key,),) = self.sql("SELECT id FROM patron WHERE national_id = :id", id=who["national_id"])
        return PatronId(UUID(bytes=key))

    def missing(self, *, branch: str | None = None, school_year: int = 114) -> list[Incomplete]:
        return self.contacts.worklist(Wanted(school_year, branch), by="office")

    def dump(self) -> dict[str, list[str]]:
        return self.counter.dump()

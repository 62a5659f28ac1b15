"""The demo city as the files that its Bureau and its schools would send, and the city loaded through them."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from circulation.cards import CardState
from circulation.items import Item, ItemStatus
from registry.house import Registry
from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from registry.rosters.pipeline import NewKeys
from registry.rosters.rows import CardRow
from registry.schools.store import School as RegistrySchool
from youyue.demo.city import City, Pupil

BUREAU_FILE = "bureau-students.csv"
CONTACT_FILE = "school-contacts.csv"
SCHOOL_YEAR = 115
_REPUBLIC_BEGINS = 1911


class CityNotLoadedError(Exception):
    """The city's own files were not taken whole: a fault of the programme."""


def bureau_rows(city: City) -> Iterator[tuple[str, ...]]:
    """The Bureau's file: headings, then every pupil (all of them consented)."""
    yield ("姓名", "身分證字號", "出生年月日", "戶籍地址", "學校電話", "悠遊卡號", "同意", "學校代碼", "學號")
    for number, pupil in enumerate(city.pupils):
        school = pupil.school
        address = f"臺北市{'東西南北'[number % 4]}區虛構路{number % 400 + 1}號"
        phone = f"02-2{int(school.code) % 1000:03d}-5678"
        yield (pupil.full_name, pupil.national_id, _roc(pupil.born), address, phone, pupil.uid.hex, "是", school.code, f"{number:07d}")


def contact_rows(city: City) -> Iterator[tuple[str, ...]]:
    """What the schools sent so far: headings, then the pupils with contact data."""
    yield ("姓名", "身分證字號", "生日", "郵遞區號", "通訊地址", "通訊電話", "行動電話", "家長姓名")
    for number, pupil in enumerate(city.pupils):
        if pupil.contact_complete:
            address = f"臺北市虛構路{number % 400 + 1}號"
            parent = f"{pupil.full_name[0]}大明"
            yield (pupil.full_name, pupil.national_id, f"{pupil.born}", "100", address, "02-2345-0000", f"09{number % 10**8:08d}", parent)


def write_rosters(city: City, folder: Path) -> tuple[Path, Path]:
    """Write both files and say where they are: the Bureau's, the schools'."""
    paths = (folder / BUREAU_FILE, folder / CONTACT_FILE)
    for path, rows in zip(paths, (bureau_rows(city), contact_rows(city)), strict=True):
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    return paths


def load_city_by_rosters(registry: Registry, city: City, folder: Path) -> None:
    """Write the city's files into the folder and load them as a library would; then its items, and the losses reported since.

    Patrons and cards keep the city's keys.

    Raises:
        CityNotLoadedError: a row was refused or became a case.
        OSError: the folder can't be used.

    """
    pupils: dict[str, Pupil] = {pupil.national_id: pupil for pupil in city.pupils}

    def pupil_of(row: CardRow) -> Pupil:
        return pupils[row.national_id]

    desk = registry.rosters.giving(NewKeys(patron=lambda row: pupil_of(row).id, card=lambda row: pupil_of(row).card)).desk
    desk.set_schools(RegistrySchool(school.code, school.name, school.branch) for school in city.schools)
    files = write_rosters(city, folder)
    for kind, path in zip((RosterKind.BUREAU_STUDENTS, RosterKind.SCHOOL_CONTACTS), files, strict=True):
        loaded = desk.load(RosterOrder(kind, path, SCHOOL_YEAR))
        preview = desk.preview(loaded, by="demo")
        if loaded.bad or preview.cases or preview.known_cases:
            message = f"{path}: {len(loaded.bad)} rows refused, {preview.cases_opened} cases"
            raise CityNotLoadedError(message)
        desk.commit(loaded, preview, by="demo")
    for pupil in city.pupils:
        if pupil.card_lost:
            registry.change_card(pupil.uid, CardState.LOST, by="demo")
    registry.add_items(
        (Item(copy.id, copy.barcode, copy.title, copy.kind, ItemStatus.AVAILABLE, copy.branch) for copy in city.copies), tell_feed=False
    )


def _roc(day: date) -> str:
    return f"{day.year - _REPUBLIC_BEGINS:03d}{day.month:02d}{day.day:02d}"

"""The stage of the demo: a registry on SQLite, served on loopback, the demo city in it, two enrolled kiosks' folders."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from circulation.barcodes import with_codabar_check_digit
from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId
from registry.cards.store import CardRecord
from registry.server import listen
from sync.enrol import enrol
from youyue.demo.city import City, Copy, Pupil, make_city
from youyue.demo.rosters import BUREAU_FILE, CONTACT_FILE, load_city_by_rosters
from youyue.registry_room import load_library, open_registry
from youyue.settings import Settings

FIRST_BRANCH = BranchCode("L12")
SECOND_BRANCH = BranchCode("A13")
IPASS = CardUid.from_hex("04F0AA03")
"""The hero's second card, of another company: no student ID."""
LIBRARY_CARD = CardUid.from_hex(with_codabar_check_digit("2123400051786"))
"""And the third one: a library card with a barcode, by its number."""
LOG = "youyue.log"
_KEPT = ("registry", "kiosk-1", "kiosk-2", "screens", "story.md", LOG, BUREAU_FILE, CONTACT_FILE)
_MARK = ".youyue-demo"


class StageFolderError(Exception):
    """The folder holds something that no demo left there, or another demo runs in it."""


class OwnCardError(Exception):
    """This card can't be the first pupil's."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the story plays with: folders, the registry's address, the city."""

    folder: Path
    registry: Path
    address: str
    kiosks: tuple[Path, Path]
    city: City

    def pupil(self) -> Pupil:
        """The hero: the first pupil with a card that works and all contact data."""
        return next(pupil for pupil in self.city.pupils if pupil.contact_complete and not pupil.card_lost)

    def books(self) -> tuple[Copy, Copy]:
        """Two items of the first kiosk's branch."""
        first, second, *_ = self.city.copies_of(FIRST_BRANCH)
        return first, second


@contextmanager
def set_stage(folder: Path, settings: Settings, *, seed: int, pupils: int, own_card: CardUid | None = None) -> Iterator[Stage]:
    """Make everything in a cleared folder, serve the registry while the context lasts, keep the files afterwards.

    ``own_card`` becomes the first pupil's card.

    Raises:
        OwnCardError: it can't be: random, blank, or another pupil's.
        OSError: the folder can't be used.

    """
    city = make_city(seed=seed, pupils=pupils, copies_per_branch=60)
    if own_card is not None:
        city = with_own_card(city, own_card)
    registry = open_registry(folder / "registry", settings)
    try:
        load_library(registry)
        load_city_by_rosters(registry, city, folder)
        with registry.server(listen()) as server:
            kiosks = (folder / "kiosk-1", folder / "kiosk-2")
            stage = Stage(folder, registry.folder, server.url, kiosks, city)
            further = {CardKind.IPASS: IPASS, CardKind.BARCODE: LIBRARY_CARD}
            hero, new_id = stage.pupil().id, registry.outside.new_id
            registry.add_cards([CardRecord(CardId(new_id()), hero, kind, number) for kind, number in further.items()], tell_feed=False)
            for place, branch in zip(kiosks, (FIRST_BRANCH, SECOND_BRANCH), strict=True):
                place.mkdir(mode=0o700)
                enrol(place, registry=server.url, code=registry.issue_code(branch, by="demo").code, name=place.name)
            yield stage
    finally:
        registry.close()


def with_own_card(city: City, uid: CardUid) -> City:
    """Give the first pupil the card at hand.

    Raises:
        OwnCardError: it is random, blank, or another pupil's.

    """
    first, *others = city.pupils
    if not uid.names_a_card:
        message = f"{uid.hex} is random or blank: a telephone or a faulty card, which no library can know again; take another card"
        raise OwnCardError(message)
    if any(other.uid == uid for other in others):
        message = f"{uid.hex} is the card of another pupil of the demo city; take another card or another --seed"
        raise OwnCardError(message)
    return replace(city, pupils=(replace(first, uid=uid), *others))


@contextmanager
def cleared(folder: Path) -> Iterator[None]:
    """Remove what the last demo left, and nothing else; hold the folder while the context lasts.

    Raises:
        StageFolderError: the folder is somebody else's, or another demo runs in it.
        OSError: it can't be used.

    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        message = f"{folder}: holds other things; give an empty folder with --folder"
        raise StageFolderError(message)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _MARK).open("w", encoding="ascii") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"{folder}: another demo runs in it; end that one, or give another folder with --folder"
            raise StageFolderError(message) from None
        for name in _KEPT:
            place = folder / name
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
        yield

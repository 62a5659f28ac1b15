from pathlib import Path

import pytest

from circulation.barcodes import CodeForms
from circulation.cards import CardUid
from drivers.ports import BarcodeScanned
from kiosk.opener import BarcodeCard
from kiosk.scans import CardScanned, ItemScanned, ScanFault, ScanRefused, sort_scan
from texts.catalogue import languages, open_catalogue
from youyue.demo.city import make_city
from youyue.demo.stage import LIBRARY_CARD, OwnCardError, Stage, StageFolderError, cleared, with_own_card
from youyue.demo.tray_cards import tray_taps
from youyue.demo.tray_scans import CARD_CODES, ITEM_CODES, tray_scans

CITY = make_city(seed=114, pupils=100, copies_per_branch=3)


@pytest.mark.parametrize("language", languages())
def test_the_tray_has_a_card_for_every_way_a_tap_can_end_and_words_for_each(language: str) -> None:
    stage = Stage(Path(), Path(), "", (Path(), Path()), CITY)
    taps = tray_taps(stage, open_catalogue(language).say)
    cards = [tap.card for tap in taps]
    assert [card.key for card in cards] == ["pupil", "long", "ipass", "contact", "lost", "unknown", "phone", "broken", "two"]
    lengths = {tap.card.key: [len(one.uid.octets) for one in tap.laid if one.uid] for tap in taps}
    assert (lengths["pupil"], lengths["long"], lengths["phone"], lengths["two"]) == ([4], [7], [], [4, 4])
    assert all(card.name and card.shows for card in cards)
    assert not any(pupil.full_name in card.name for card in cards for pupil in CITY.pupils)


@pytest.mark.parametrize("language", languages())
def test_the_tray_has_something_for_every_way_a_scan_can_end_and_words_for_each(language: str) -> None:
    stage = Stage(Path(), Path(), "", (Path(), Path()), CITY)
    forms = CodeForms.read(ITEM_CODES, CARD_CODES)
    shown = [(one, sort_scan(BarcodeScanned(one.key, "s", 0), forms)) for one in tray_scans(stage, open_catalogue(language).say)]
    books = [one for one, what in shown if isinstance(what, ItemScanned)]
    assert len(books) == 3
    assert [what for _, what in shown[3:]] == [
        CardScanned(BarcodeCard(LIBRARY_CARD)),
        *map(ScanRefused, (ScanFault.PUBLISHER_CODE, ScanFault.CHECK_DIGIT, ScanFault.UNKNOWN_FORM)),
    ]
    assert all(one.title and one.shows for one, _ in shown[3:])
    assert not any(pupil.full_name in one.title for one, _ in shown for pupil in CITY.pupils)


def test_a_card_at_hand_becomes_the_first_pupils() -> None:
    uid = CardUid.from_hex("04A32B1C")
    assert with_own_card(CITY, uid).pupils[0].uid == uid


@pytest.mark.parametrize("uid", [CardUid.from_hex("08A32B1C"), CardUid.from_hex("00000000"), CITY.pupils[7].uid])
def test_a_card_that_can_not_be_known_again_or_is_taken_is_refused(uid: CardUid) -> None:
    with pytest.raises(OwnCardError, match="take another card"):
        with_own_card(CITY, uid)


def test_a_folder_is_held_by_one_demo_at_a_time(tmp_path: Path) -> None:
    with cleared(tmp_path / "demo"), pytest.raises(StageFolderError, match="another demo runs in it"), cleared(tmp_path / "demo"):
        pass


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StageFolderError, match="holds other things"), cleared(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").exists()

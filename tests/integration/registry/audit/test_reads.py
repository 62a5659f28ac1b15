"""Who was shown to whom is noted before it is shown; the question is not."""

from datetime import date

from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import PatronId
from registry.desk.questions import ByName, ByNationalId, ByNumber
from registry.lending.store import BlockRecord
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import NEW
from youyue.cli import main


def told(city: City) -> tuple[str, str, dict[str, str | int], list[object]]:
    entry = city.registry.audit(limit=1)[0]
    return entry.actor, entry.action, dict(entry.detail), list(entry.patrons)


def test_whoever_is_found_for_staff_is_noted_with_who_asked_and_how(city: City) -> None:
    find = city.registry.desk.cards.find
    for question, asked_by in (
        (ByNumber(city.ming_card), "number"),
        (ByNationalId("A123456789"), "national_id"),
        (ByName("王小明"), "name"),
    ):
        find(question, by="lin")
        assert told(city) == ("lin", "patron looked up", {"asked_by": asked_by, "count": 1}, [city.ming])
    find(ByName("王"), by="lin")
    assert told(city) == ("lin", "patron looked up", {"asked_by": "name", "count": 0}, [])
    said = repr(city.registry.audit())
    assert not [secret for secret in ("A123456789", "王", city.ming_card.hex) if secret in said]


def test_q6_2_from_a_number_that_is_unknown_or_was_replaced_nothing_follows_about_anybody(city: City) -> None:
    found = city.registry.desk.cards.find(ByNumber(city.ming_card), by="lin")[0]
    city.registry.change_card(city.ming_card, CardState.LOST)
    main_words = ["registry", "cards", "replace", city.ming_card.hex, "--new", NEW.hex, "--yes", "--staff", "lin"]
    _run(city, main_words)
    for uid in (city.ming_card, CardUid.from_hex("04FFFFFF")):
        assert city.registry.desk.cards.find(ByNumber(uid), by="lin") == []
        assert told(city) == ("lin", "patron looked up", {"asked_by": "number", "count": 0}, [])
    assert city.registry.desk.cards.find(ByNumber(NEW), by="lin")[0].id == found.id


def test_unconfirmed_losses_note_whose_they_are(city: City) -> None:
    losses = city.registry.desk.losses
    losses.lose_by_identity("A123456789", date(2014, 5, 6), CardKind.EASYCARD, reporter="kiosk:1", branch="C01")
    losses.soft_holds(by="lin")
    assert told(city) == ("lin", "unconfirmed losses shown", {"count": 1}, [city.ming])


def test_a_command_that_names_a_patron_notes_who_ran_it(city: City) -> None:
    _run(city, ["registry", "pin-code", city.ming_card.hex, "--staff", "chen"])
    found = [(entry.actor, entry.action, list(entry.patrons)) for entry in city.registry.audit(limit=2)]
    assert found == [("chen", "pin code issued", [city.ming]), ("chen", "patron looked up", [city.ming])]


def test_a_change_that_is_made_by_a_key_alone_names_its_patron_too(city: City) -> None:
    key = uuid7()
    city.registry.add_blocks([BlockRecord(key, PatronId(city.ming), Block(BlockCode.STAFF))])
    assert city.registry.lift_block(key, by="lin")
    assert told(city)[3] == [city.ming]
    city.registry.change_card(city.hua_card, CardState.LOST, by="lin")
    assert told(city)[3] == [city.hua]


def _run(city: City, words: list[str]) -> None:
    database = ["--database", city.home.url] if city.home.url else []
    try:
        main([*words, "--folder", str(city.home.folder), *database])
    except SystemExit as ended:
        assert not ended.code  # noqa: PT017 - the command ends the process in any case

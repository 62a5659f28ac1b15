"""Card keys travel under a cover that every revocation changes (ADR 43): over real HTTP, on both engines."""

import threading
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import msgspec
import pytest
import requests
import zstandard
from msgspec import UNSET

from circulation.cards import CardState
from circulation.range_checks import RangeAnswer, RangeDigest
from circulation.wire import ChangesPage, SignedManifest, SnapshotManifest
from registry.kiosks import store_covers
from registry.settings import RegistrySettings
from replica.covered_rows import turned
from tests.integration.registry.city import City, Founded, Kiosk, enrol, problem_of, reopened
from tests.integration.registry.covered import CoveredKiosk, head, held
from tests.integration.registry.stage import Stage

NOTHING = "0" * 16


@pytest.fixture
def covered(kiosk: Kiosk) -> CoveredKiosk:
    return CoveredKiosk(kiosk)


@pytest.fixture
def other(other_kiosk: Kiosk) -> CoveredKiosk:
    return CoveredKiosk(other_kiosk)


def lose_a_card(city: City) -> bytes:
    """A change of a card; its key, which every kiosk can make."""
    city.registry.change_card(city.ming_card, CardState.LOST)
    return city.key_of(city.ming_card)


def manifest_of(signed: SignedManifest) -> SnapshotManifest:
    return msgspec.json.decode(signed.manifest, type=SnapshotManifest)


def test_a_kiosk_that_holds_no_cover_is_told_the_one_in_force_with_its_first_page(city: City, covered: CoveredKiosk) -> None:
    card = lose_a_card(city)
    page = covered.poll(city, wait=20)
    assert covered.version == 1
    assert page.cover == held(covered).id
    assert card.hex() not in str(page.changes)
    assert [one.key for one in turned(page.changes, held(covered).uncovered)] == [card.hex()]


def test_a_kiosk_that_holds_the_cover_is_not_told_it_again(city: City, covered: CoveredKiosk) -> None:
    covered.poll(city)
    again = covered.poll(city)
    assert (again.cover, again.new_cover) == (held(covered).id, UNSET)


def test_an_older_program_gets_card_keys_as_it_always_did(city: City, kiosk: Kiosk) -> None:
    card = lose_a_card(city)
    page = kiosk.changes(city.feed, 0, wait=20)
    assert (page.cover, page.new_cover) == (UNSET, UNSET)
    assert [one.key for one in page.changes] == [card.hex()]
    manifest = msgspec.json.decode(kiosk.request("GET", "/v1/snapshots/latest").content, type=SignedManifest)
    assert (manifest_of(manifest).cover, manifest_of(manifest).salt, manifest.new_cover) == (UNSET, UNSET, UNSET)


def test_whoever_knew_the_cover_before_a_revocation_finds_no_card_by_it(city: City, covered: CoveredKiosk, other: CoveredKiosk) -> None:
    covered.poll(city)
    before = held(covered)
    other.poll(city)
    assert city.registry.revoke_kiosk(covered.plain.me.kiosk)
    card = lose_a_card(city)
    page = other.poll(city, wait=20)
    assert other.version == 2
    assert page.cover == held(other).id != before.id
    told = [one.key for one in page.changes]
    assert card.hex() not in told
    assert before.covered(card).hex() not in told


def test_a_kiosk_that_was_revoked_is_told_nothing_even_by_a_process_that_has_not_noticed(
    founded: Founded, city: City, stage: Stage, settings: RegistrySettings
) -> None:
    elsewhere = reopened(founded, city.home, settings)
    with stage.serving(elsewhere.registry):
        kiosk = CoveredKiosk(enrol(stage.url, elsewhere))
        kiosk.poll(elsewhere)
        # By another process: this one trusts what it knows for half a minute, and this kiosk asks as if it held nothing.
        assert city.registry.revoke_kiosk(kiosk.plain.me.kiosk)
        kiosk.cover = None
        refused = kiosk.ask(elsewhere)
    assert refused.status_code == 403
    assert problem_of(refused).code == "kiosk_revoked"
    assert "new_cover" not in refused.text
    elsewhere.registry.close()
    kiosk.plain.session.close()


def test_another_process_that_has_not_noticed_a_revocation_believes_a_kiosk_that_has(
    founded: Founded, city: City, stage: Stage, settings: RegistrySettings
) -> None:
    elsewhere = reopened(founded, city.home, settings)
    with stage.serving(elsewhere.registry):
        gone, kiosk = CoveredKiosk(enrol(stage.url, elsewhere)), CoveredKiosk(enrol(stage.url, elsewhere))
        kiosk.poll(elsewhere)
        city.registry.revoke_kiosk(gone.plain.me.kiosk)
        assert kiosk.poll(elsewhere).cover == held(kiosk).id, "for half a minute at most"
        elsewhere.clock.pass_(seconds=31)
        kiosk.poll(elsewhere)
        assert kiosk.version == 2
    elsewhere.registry.close()
    for one in (gone, kiosk):
        one.plain.session.close()


def test_a_poll_that_waits_over_a_revocation_is_answered_under_the_new_cover(
    city: City, covered: CoveredKiosk, other: CoveredKiosk
) -> None:
    covered.poll(city)
    pages: list[ChangesPage] = []
    waiting = threading.Thread(target=lambda: pages.append(covered.poll(city, head(city), wait=20)))
    waiting.start()
    while not city.registry.head or not city.registry.head._waiting:  # the poll has come
        waiting.join(0.01)
    city.registry.revoke_kiosk(other.plain.me.kiosk)
    lose_a_card(city)
    waiting.join(20)
    assert [page.cover for page in pages] == [held(covered).id]
    assert covered.version == 2


def test_polls_that_one_change_wakes_are_each_answered_as_they_asked(city: City, covered: CoveredKiosk) -> None:
    """Of one branch, so that their rows are read once."""
    bare = replace(covered.plain, session=requests.Session())
    covered.poll(city)
    found: dict[str, str] = {}
    asked = head(city)

    def ask(name: str, poll: Callable[[], ChangesPage]) -> None:
        found[name] = poll().changes[0].key

    polls = [
        threading.Thread(target=ask, args=("covered", lambda: covered.poll(city, asked, wait=20))),
        threading.Thread(target=ask, args=("bare", lambda: bare.changes(city.feed, asked, wait=20))),
    ]
    for one in polls:
        one.start()
    while not city.registry.head or len(city.registry.head._waiting) < len(polls):
        polls[0].join(0.01)
    card = lose_a_card(city)
    for one in polls:
        one.join(20)
    bare.session.close()
    assert found == {"bare": card.hex(), "covered": held(covered).covered(card).hex()}


def test_a_poll_of_the_revoked_itself_that_waits_is_refused(city: City, covered: CoveredKiosk) -> None:
    covered.poll(city)
    answers: list[requests.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(covered.ask(city, head(city), wait=20)))
    waiting.start()
    while not city.registry.head or not city.registry.head._waiting:
        waiting.join(0.01)
    city.registry.revoke_kiosk(covered.plain.me.kiosk)
    lose_a_card(city)
    waiting.join(20)
    assert [one.status_code for one in answers] == [403]


@pytest.mark.parametrize("key", ["", "AAAA", "A" * 43 + "="], ids=["none", "short", "one that opens everything"])
def test_what_is_no_key_is_refused_with_its_place(city: City, covered: CoveredKiosk, key: str) -> None:
    refused = covered.ask(city, cover_key=key)
    assert refused.status_code == 400
    assert problem_of(refused).place == "cover_key"


def test_a_snapshot_lies_under_the_cover_as_a_whole(city: City, covered: CoveredKiosk) -> None:
    signed = covered.snapshot()
    manifest = manifest_of(signed)
    assert manifest.cover == held(covered).id
    packed = covered.plain.request("GET", f"/v1/snapshots/{manifest.name}").content
    with pytest.raises(zstandard.ZstdError):
        zstandard.ZstdDecompressor().decompress(packed, max_output_size=manifest.plain_size)
    assert isinstance(manifest.salt, bytes)
    plain = zstandard.ZstdDecompressor().decompress(held(covered).stream(manifest.salt).update(packed), max_output_size=manifest.plain_size)
    assert len(plain) == manifest.plain_size
    assert city.key_of(city.ming_card) in plain


def test_kiosks_with_and_without_covers_are_each_given_their_own_snapshot(city: City, covered: CoveredKiosk, kiosk: Kiosk) -> None:
    def bare() -> SnapshotManifest:
        return manifest_of(msgspec.json.decode(kiosk.request("GET", "/v1/snapshots/latest").content, type=SignedManifest))

    mine, theirs = manifest_of(covered.snapshot()), bare()
    assert mine.name != theirs.name
    assert (manifest_of(covered.snapshot()).name, bare().name) == (mine.name, theirs.name), "nothing is built again"


def test_snapshots_under_an_older_cover_are_removed_with_the_next_one(city: City, covered: CoveredKiosk, other: CoveredKiosk) -> None:
    old, bare = manifest_of(covered.snapshot()), covered.plain.request("GET", "/v1/snapshots/latest")
    city.registry.revoke_kiosk(other.plain.me.kiosk)
    new = manifest_of(covered.snapshot())
    assert new.version > old.version
    assert covered.plain.request("GET", f"/v1/snapshots/{old.name}").status_code == 404
    left = manifest_of(msgspec.json.decode(bare.content, type=SignedManifest))
    assert covered.plain.request("GET", f"/v1/snapshots/{left.name}").status_code == 200


def test_ranges_of_cards_are_compared_under_the_cover(city: City, covered: CoveredKiosk) -> None:
    covered.poll(city)
    cover = held(covered)
    cards = sorted(city.key_of(uid) for uid in (city.ming_card, city.hua_card))
    upto = RangeDigest(table="card", upto=cover.covered(cards[0]).hex(), rows=0, xor=NOTHING)
    after = RangeDigest(table="card", after=cover.covered(cards[0]).hex(), rows=0, xor=NOTHING)
    answer = msgspec.json.decode(covered.compare(city, cover.id, upto, after).content, type=RangeAnswer)
    assert answer.cover == cover.id
    assert [[one.key for one in turned(found.rows, cover.uncovered)] for found in answer.differing] == [[card.hex()] for card in cards]
    assert all(card.hex() not in str(answer) for card in cards)


@pytest.mark.parametrize("stated", ["", "00ff" * 4], ids=["none yet", "another one"])
def test_nothing_is_compared_under_another_cover_than_that_in_force(city: City, covered: CoveredKiosk, stated: str) -> None:
    refused = covered.compare(city, stated, RangeDigest(table="card", rows=0, xor=NOTHING))
    assert refused.status_code == 409
    assert (problem_of(refused).code, problem_of(refused).place) == ("other_cover", "cover")


def test_an_older_program_compares_as_it_always_did(city: City, covered: CoveredKiosk) -> None:
    answer = msgspec.json.decode(covered.compare(city, UNSET, RangeDigest(table="card", rows=0, xor=NOTHING)).content, type=RangeAnswer)
    assert answer.cover is UNSET
    assert {one.key for found in answer.differing for one in found.rows} == {
        city.key_of(uid).hex() for uid in (city.ming_card, city.hua_card)
    }


def test_a_registry_that_was_put_back_to_a_backup_changes_the_cover(city: City, covered: CoveredKiosk) -> None:
    covered.poll(city)
    before = held(covered).id
    city.registry.restored.begin(by="staff")
    covered.snapshot()
    assert held(covered).id != before


def test_staff_change_the_cover_without_taking_anybodys_rights(city: City, covered: CoveredKiosk) -> None:
    covered.poll(city)
    assert city.registry.covers.change(by="wang") == 2
    covered.poll(city)
    assert covered.version == 2
    entry = city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action, entry.detail) == ("wang", "cover changed", {"version": 2})


def test_the_cover_stays_over_a_restart_and_its_secret_stands_in_no_table(
    founded: Founded, city: City, covered: CoveredKiosk, settings: RegistrySettings
) -> None:
    covered.poll(city)
    again = reopened(founded, city.home, settings)
    assert again.registry.covers.in_force() == held(covered)
    ((salt,),) = city.sql("SELECT salt FROM cover")
    assert bytes(salt) != held(covered).secret
    again.registry.close()


def test_who_was_told_which_is_known_and_who_never_asked(city: City, covered: CoveredKiosk, other: CoveredKiosk) -> None:
    def told() -> dict[UUID, int]:
        with city.registry.database.reading() as connection:
            return store_covers.told(connection)

    assert told() == {}
    covered.poll(city)
    assert told() == {covered.plain.me.kiosk: 1}
    city.registry.covers.change(by="wang")
    covered.poll(city)
    assert told() == {covered.plain.me.kiosk: 2}
    other.poll(city)
    assert told() == {covered.plain.me.kiosk: 2, other.plain.me.kiosk: 2}


def test_a_library_from_before_covers_gets_its_first_when_it_is_opened(founded: Founded, city: City, settings: RegistrySettings) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("DELETE FROM cover")
        work.commit()
    again = reopened(founded, city.home, settings)
    assert again.registry.covers.in_force() is not None
    again.registry.close()

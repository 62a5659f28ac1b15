"""Twenty canaries go through real processes, and none is in any log, temporary file or kiosk's database afterwards."""

import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest
import requests
import zstandard

from circulation.cards import CardUid
from circulation.wire import SnapshotManifest
from registry.keys import read_keys
from sync.identity import read_identity
from sync.signing import RegistryClock, RequestSigner
from tests import canaries
from tests.e2e.office import BORN, Office
from tests.e2e.touching import TouchedKiosk
from tests.e2e.town import Town, until
from youyue.clock import SystemClock

BRANCH = "L12"


@pytest.fixture
def office(town: Town) -> Office:
    return Office(town)


@pytest.fixture
def programs() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def snapshots_without_their_cover(folder: Path) -> Iterator[bytes]:
    """What the snapshots of a registry hold, for who has its keys; nobody else can unpack them."""
    keys = read_keys(folder / "keys", mark=None)
    with closing(sqlite3.connect(folder / "registry.db")) as connection:
        (salt,) = connection.execute("SELECT salt FROM cover").fetchone()
        manifests = [msgspec.json.decode(one, type=SnapshotManifest) for (one,) in connection.execute("SELECT manifest FROM snapshot")]
    assert manifests
    for manifest in manifests:
        packed = (folder / "snapshots" / manifest.name).read_bytes()
        with pytest.raises(zstandard.ZstdError):
            zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        assert isinstance(manifest.salt, bytes)
        yield zstandard.ZstdDecompressor().decompressobj().decompress(keys.cover(salt).stream(manifest.salt).update(packed))


def send_what_nobody_should_send(url: str, folder: Path) -> None:
    """Unsigned and signed requests with canaries where values, keys, paths, questions and headers stand."""
    identity = read_identity(folder)
    signer = RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(SystemClock()))
    name, number, uid, pin = canaries.NAMES[0], canaries.NATIONAL_IDS[0], canaries.UIDS[0], canaries.PINS[0]
    fact = {"key": number, "seq": 1, "at": name, "monotonic": uid, "boot": uid, "correlation": name, "fact": {"type": name}}
    typed = {"key": str(identity.kiosk), "seq": 1, "at": "2026-11-22T00:00:00Z", "monotonic": 0, "boot": name, "correlation": number}
    bodies: list[tuple[str, object]] = [
        ("/v1/pin-checks", {"v": 1, "patron": number, "pin": pin}),
        ("/v1/pin-checks", {"v": 1, "patron": str(identity.kiosk), "pin": pin * 2}),
        ("/v1/pin-checks", {"v": 1, "patron": str(identity.kiosk), "pin": pin, name: uid}),
        ("/v1/loss-reports", {"v": 1, "national_id": number, "birth_date": name, "kind": uid}),
        ("/v1/loss-reports", {"v": 1, "national_id": number * 3, "birth_date": "2014-05-06", "kind": "easycard"}),
        ("/v1/facts", {"v": 1, "epoch": number, "first_seq": 1, "facts": [fact]}),
        (
            "/v1/facts",
            {"v": 1, "epoch": str(identity.kiosk), "first_seq": 1, "facts": [fact, typed | {"fact": {"type": uid, "loan": number}}]},
        ),
        (f"/v1/enrolments?name={name}&id={number}", {"v": 1, "code": number, "public_key": uid, "name": name}),
        (f"/v1/{name}/{number}?uid={uid}&pin={pin}", {"v": 1, "title": canaries.TITLES[0]}),
    ]
    with requests.Session() as session:
        session.trust_env = False
        for path, body in bodies:
            for signed in (False, True):
                request = requests.Request("POST", url + path, json=body, headers={"X-Name": uid, "User-Agent": number}).prepare()
                if signed:
                    signer.sign(request)
                assert session.send(request, timeout=30).status_code < 500
        for rest in (f"v1/changes?feed={name}&after={number}&wait={pin}", f"v1/snapshots/{name}", f"schema/{number}"):
            assert session.get(f"{url}/{rest}", timeout=30, headers={"Signature": f'sig="{uid}"', "Cookie": number}).status_code < 500


def visit(town: Town, kiosk: TouchedKiosk, books: Sequence[str]) -> None:
    """Borrow both books, look at the loans, try a wrong PIN and the right one, and to renew, leave."""
    with town.card(CardUid.from_hex(canaries.UIDS[0])):
        kiosk.next("screen Home")
        for number, book in enumerate(books, start=1):
            town.scan(book)
            kiosk.next(f"screen Borrow {number}")
        for odd in (canaries.NATIONAL_IDS[0], canaries.NAMES[0]):
            town.scan(odd)
            kiosk.next('"checkout_refused"')
        kiosk.touch("back")
        kiosk.next("screen Home")
        kiosk.touch("loans")
        kiosk.next("screen Loans 2 hidden")
        kiosk.touch("titles")
        kiosk.next("screen PinPad None")
        kiosk.touch("pin", canaries.PINS[1])
        kiosk.next("screen PinPad pin_wrong")
        kiosk.touch("pin", canaries.PINS[0])
        kiosk.next("screen Loans 2 shown")
        kiosk.touch("renew")
        kiosk.touch("finish")
        kiosk.next("screen Goodbye")
    kiosk.touch("finish")
    kiosk.next("screen Attract")


def bring_back(town: Town, kiosk: TouchedKiosk, book: str) -> None:
    kiosk.touch("return")
    kiosk.next("screen Return 0")
    town.scan(book)
    kiosk.next("screen Return 1")
    town.scan(canaries.PHONES[0])
    kiosk.next('"event": "check')
    kiosk.touch("finish")
    kiosk.next("screen Goodbye")
    kiosk.touch("finish")
    kiosk.next("screen Attract")


def report_lost(town: Town, kiosk: TouchedKiosk) -> None:
    """By national ID, of somebody who has a card and of somebody whom nobody knows; then the card is laid down, and one of nobody."""
    for number in (canaries.NATIONAL_IDS[1], canaries.NATIONAL_IDS[3]):
        kiosk.touch("loss")
        kiosk.next("screen ReportLossById")
        kiosk.touch("loss-by-id", number, BORN.isoformat())
        kiosk.next("screen LossReported")
        kiosk.touch("finish")
        kiosk.next("screen Attract")
    until(lambda: town.rows("SELECT count(*) FROM card WHERE state = 'lost' AND uid = '%s'" % canaries.UIDS[1]) == [(1,)], "the loss")  # noqa: S608, UP031 - a test's own value
    for uid in (canaries.UIDS[1], canaries.UIDS[3]):
        with town.card(CardUid.from_hex(uid)):
            kiosk.next("screen CardRefused")
            kiosk.touch("finish")
            kiosk.next("screen Attract")


def test_no_canary_is_where_it_must_not_be(town: Town, office: Office, programs: ExitStack) -> None:
    books = town.barcodes(BRANCH)[:2]
    office.rename_books(books)
    office.bring_rosters()
    office.set_pin(canaries.PINS[0])
    registry = programs.enter_context(town.serve_registry(verbose=True))
    reader = programs.enter_context(town.start_reader())
    folder = town.enrol_kiosk(BRANCH, "kiosk-1")
    kiosk = programs.enter_context(TouchedKiosk(folder, town))
    kiosk.next("screen Attract")
    until(lambda: town.scanner(1).exists(), "the scanner's socket")

    visit(town, kiosk, books)
    bring_back(town, kiosk, books[1])
    report_lost(town, kiosk)
    send_what_nobody_should_send(f"http://127.0.0.1:{town.port}", folder)

    registry.end(signal.SIGTERM)
    kiosk.next("registry_lost")
    with town.card(CardUid.from_hex(canaries.UIDS[0])):
        kiosk.next("screen Home")
        kiosk.end(signal.SIGKILL)  # in a visit, with everything it holds
    for name, program in (("registry", registry), ("kiosk", kiosk), ("reader", reader)):
        program.end(signal.SIGTERM)
        office.keep(name, program.lines)

    assert len(list(office.logs.iterdir())) > 10
    assert canaries.search(town.folder) == []
    assert canaries.search(town.run) == []
    assert [path.name for path in folder.glob("*.db") if path.read_bytes().startswith(b"SQLite format 3")] == []
    kept = {find.what for find in canaries.search(town.registry_folder, with_registry=True)}
    assert {"a name, title or address", "a national ID", "a phone", "a UID"} == kept  # they have been here; a PIN is not even there
    record = (town.registry_folder / "registry.db").read_bytes()
    assert canaries.NAMES[0].encode() in record
    assert canaries.WAITING_NAME.encode() not in record
    assert canaries.WAITING_NATIONAL_ID.encode() not in record
    for content in snapshots_without_their_cover(town.registry_folder):
        assert canaries.TITLES[0].encode() in content
        assert not [one for one in canaries.ALL if one not in canaries.TITLES and one.encode() in content]
    canaries.leave_planted(town.folder)

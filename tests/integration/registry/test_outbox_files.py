"""Facts that come on a stick: each exactly once, whatever comes by network, and nothing of a file that is not what it says."""

import itertools
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Raw

from circulation.facts import CheckedIn, CheckedOut, FactEnvelope
from circulation.outbox_file import SealedOutbox, SignedOutbox, signed_part
from circulation.wire import FactStatus, PushBatch, encode
from registry.exchange.outbox_desk import TakenOutbox
from registry.exchange.outbox_files import FileRefusal, FileRefusedError
from registry.exchange.store_feed import head
from registry.outbox_room import outbox_desk_of
from sync.identity import Identity
from sync.outbox_file import sealed_outbox
from tests.integration.registry.city import City, Kiosk, a_checkout, a_return
from tests.integration.registry.merges.pair import rows_of

MADE_AT = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)


def identity_of(sender: Kiosk, **other: object) -> Identity:
    own = Identity(
        kiosk=sender.me.kiosk,
        branch="C01",
        branch_name="總館",
        registry="http://localhost",
        time_zone="Asia/Taipei",
        card_key=bytes(32),
        card_key_version=1,
        registry_key=sender.me.registry_key,
        device_key=sender.key.private_bytes_raw(),
        database_key=bytes(32),
    )
    return msgspec.structs.replace(own, **other)


def a_file(sender: Kiosk, first: int, *bodies: bytes, **other: object) -> bytes:
    batch = PushBatch(epoch=sender.epoch, first_seq=first, facts=list(map(Raw, bodies)))
    return sealed_outbox(identity_of(sender, **other), batch, made_at=MADE_AT)


def lent(city: City, kiosk: Kiosk, count: int = 3) -> list[bytes]:
    """What a kiosk wrote while it had no network: one book after the other lent and brought back."""
    made = (one for book in itertools.cycle(city.books) for one in _there_and_back(city, book))
    return [kiosk.envelope(fact) for fact in itertools.islice(made, count)]


def _there_and_back(city: City, book: UUID) -> tuple[CheckedOut, CheckedIn]:
    out = a_checkout(city.ming, book)
    return out, a_return(loan=out.loan, item=book)


def take(city: City, content: bytes, *, although_revoked: bool = False) -> TakenOutbox:
    return outbox_desk_of(city.registry).take(content, by="lin", although_revoked=although_revoked)


def refused(city: City, content: bytes) -> FileRefusedError:
    before = everything(city)
    with pytest.raises(FileRefusedError) as error:
        take(city, content)
    assert everything(city) == before, "something of a refused file was applied"
    assert city.registry.audit(limit=1)[0].outcome in {"refused", "alarm"}
    return error.value


def everything(city: City) -> tuple[dict[str, list[str]], object]:
    """Every row of every table but the trail's, and where the feed stands."""
    with city.registry.database.reading() as connection:
        return rows_of(connection), head(connection)


def test_what_came_on_a_stick_is_on_record_and_the_kiosk_hears_it_by_its_next_push(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk)
    taken = take(city, a_file(kiosk, 1, *bodies))
    assert (taken.kiosk, taken.branch, taken.new, taken.before, taken.flagged) == ("kiosk", "C01", 3, 0, 0)
    assert city.registry.counts()["open_loans"] == 1
    on_record = everything(city)
    results = kiosk.push(1, *bodies)
    assert [one.status for one in results] == [FactStatus.ACCEPTED] * 3
    assert everything(city) == on_record


def test_a_file_that_comes_after_the_network_or_twice_changes_nothing(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk, 4)
    kiosk.push(1, *bodies[:2])
    content = a_file(kiosk, 1, *bodies)
    assert (take(city, content).before, city.registry.counts()["fact"]) == (2, 4)
    on_record = everything(city)
    assert (take(city, content).new, everything(city) == on_record) == (0, True)


def test_of_two_files_out_of_order_the_second_waits_for_the_first(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk, 4)
    first, second = a_file(kiosk, 1, *bodies[:2]), a_file(kiosk, 3, *bodies[2:])
    error = refused(city, second)
    assert (error.code, error.number) == (FileRefusal.GAP, 1)
    assert [take(city, one).new for one in (first, second)] == [2, 2]


def test_more_than_one_push_holds_is_taken_as_a_whole(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk, 1_200)
    assert take(city, a_file(kiosk, 1, *bodies)).new == 1_200
    again = lent(city, kiosk, 1_000)
    first, last = (msgspec.json.decode(again[one], type=FactEnvelope) for one in (0, -1))
    again[-1] = encode(msgspec.structs.replace(last, key=first.key))
    taken = a_file(kiosk, 1_201, *again)
    assert refused(city, taken).code is FileRefusal.REUSED


def test_a_number_that_came_with_another_body_is_refused_and_an_alarm(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk)
    kiosk.push(1, *bodies)
    kiosk.seq = 0
    error = refused(city, a_file(kiosk, 1, *lent(city, kiosk)))
    assert (error.code, error.number) == (FileRefusal.REUSED, 1)
    assert [one.action for one in city.registry.audit(limit=2) if one.outcome == "alarm"] == ["fact key reused"]


def test_a_fact_that_cannot_be_read_leaves_the_others_alone(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk, 2)
    taken = take(city, a_file(kiosk, 1, b'{"seq": 1}', bodies[1]))
    assert (taken.new, taken.unread) == (2, 1)


def test_one_kiosk_cannot_bring_facts_in_another_ones_name_nor_another_ones_as_its_own(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk
) -> None:
    content = a_file(kiosk, 1, *lent(city, kiosk))
    forged = a_file(kiosk, 1, *lent(city, kiosk), kiosk=other_kiosk.me.kiosk)
    assert refused(city, forged).code is FileRefusal.SIGNATURE
    outside = msgspec.json.decode(msgspec.json.decode(content, type=SignedOutbox).outbox, type=SealedOutbox)
    stolen = encode(msgspec.structs.replace(outside, kiosk=other_kiosk.me.kiosk))
    assert refused(city, signed(stolen, other_kiosk.key)).code is FileRefusal.CONTENT
    assert take(city, content).new == 3


def signed(outbox: bytes, key: Ed25519PrivateKey) -> bytes:
    return encode(SignedOutbox(outbox=outbox, signature=key.sign(signed_part(outbox))))


@pytest.mark.parametrize("field", ["epoch", "first_seq", "last_seq"])
def test_what_the_outside_says_is_bound_to_what_is_within(city: City, kiosk: Kiosk, field: str) -> None:
    outside = msgspec.json.decode(msgspec.json.decode(a_file(kiosk, 1, *lent(city, kiosk)), type=SignedOutbox).outbox, type=SealedOutbox)
    changed = {"epoch": uuid4(), "first_seq": 2, "last_seq": 4}[field]
    content = signed(encode(msgspec.structs.replace(outside, **{field: changed})), kiosk.key)
    assert refused(city, content).code is FileRefusal.CONTENT


def test_strangers_other_libraries_newer_programmes_and_what_is_too_large_are_told_apart(city: City, kiosk: Kiosk) -> None:
    bodies = lent(city, kiosk)
    assert refused(city, a_file(kiosk, 1, *bodies, kiosk=uuid4())).code is FileRefusal.KIOSK_UNKNOWN
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert refused(city, a_file(kiosk, 1, *bodies, registry_key=other)).code is FileRefusal.OTHER_REGISTRY
    assert refused(city, b'{"v": 2, "something": "new"}').code is FileRefusal.NEWER
    assert refused(city, bytes(64 * 2**20 + 1)).code is FileRefusal.TOO_LARGE


def test_a_revoked_kiosks_file_is_taken_only_when_somebody_says_so(city: City, kiosk: Kiosk) -> None:
    content = a_file(kiosk, 1, *lent(city, kiosk))
    city.registry.revoke_kiosk(kiosk.me.kiosk)
    assert refused(city, content).code is FileRefusal.KIOSK_REVOKED
    assert take(city, content, although_revoked=True).new == 3


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
class TestEveryByte:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_a_file_that_was_cut_or_changed_anywhere_is_refused(self, city: City, kiosk: Kiosk, data: st.DataObject) -> None:
        kiosk.seq = 0
        content = a_file(kiosk, 1, *lent(city, kiosk, 1))
        at = data.draw(st.integers(0, len(content) - 1))
        flipped = bytearray(content)
        flipped[at] ^= data.draw(st.integers(1, 255))
        for broken in (content[:at], bytes(flipped)):
            try:
                take(city, broken)
            except FileRefusedError:
                continue
            # A field that nobody reads may be called anything; the facts are the ones that were signed.
            assert msgspec.json.decode(broken, type=SignedOutbox) == msgspec.json.decode(content, type=SignedOutbox)


def test_nobody_reads_on_the_stick_who_had_what(city: City, kiosk: Kiosk) -> None:
    content = a_file(kiosk, 1, *lent(city, kiosk))
    inner = msgspec.json.decode(content, type=SignedOutbox).outbox
    sealed = msgspec.json.decode(inner, type=SealedOutbox).sealed
    for part in (content, inner, sealed):
        assert not [one for one in (str(city.ming), str(city.books[0]), "checked_out") if one.encode() in part]


def test_the_trail_says_who_brought_whose_file(city: City, kiosk: Kiosk) -> None:
    take(city, a_file(kiosk, 1, *lent(city, kiosk)))
    entry = next(one for one in city.registry.audit(limit=2) if one.action == "outbox imported")
    assert (entry.actor, entry.outcome, entry.detail["kiosk"], entry.detail["new"]) == ("lin", "done", str(kiosk.me.kiosk), 3)

"""What travels, byte by byte: a change of these files is a change of the protocol."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args
from uuid import UUID

import msgspec
import pytest
from msgspec import Raw, Struct
from msgspec.structs import replace

from circulation import covers, revocations, wire
from circulation.cards import CardKind
from circulation.facts import (
    CardReportedLost,
    CheckedIn,
    CheckedOut,
    CheckoutUndone,
    Fact,
    FactEnvelope,
    LedgerRestored,
    LostCardShown,
    Renewed,
)
from circulation.range_checks import DifferingRange, RangeAnswer, RangeCheck, RangeDigest
from circulation.wire import FactStatus, encode

GOLDEN = Path(__file__).parents[2] / "golden" / "wire" / "v1"
AT = datetime(2026, 3, 11, 2, 0, 0, 123456, tzinfo=UTC)


def key(n: int) -> UUID:
    return UUID(f"01a202b4-9200-714d-abda-{n:012d}")


CHECKED_OUT = FactEnvelope(
    key=key(1),
    seq=7,
    at=AT,
    monotonic=123_456_789,
    boot="3f8e",
    correlation="c-1",
    fact=CheckedOut(loan=key(2), patron=key(3), item=key(4), due=date(2026, 4, 10), rules=3, card=bytes(range(16)), offline=True),
)
UNDONE = FactEnvelope(key=key(5), seq=8, at=AT, monotonic=123_456_790, boot="3f8e", correlation="c-2", fact=CheckoutUndone(loan=key(2)))


def envelope(n: int, fact: Fact) -> FactEnvelope:
    return FactEnvelope(key=key(n), seq=n, at=AT, monotonic=123_456_789, boot="3f8e", correlation="c-1", fact=fact)


A_MANIFEST = wire.SnapshotManifest(
    name="C01-00000007-00ff.zst",
    sha256="00ff",
    size=1691,
    plain_size=57344,
    version=7,
    schema=1,
    branch="C01",
    feed=key(7),
    cursor=50,
    built_at=AT,
)
ENVELOPES: dict[str, Struct] = {
    "fact_checked_out": CHECKED_OUT,
    "fact_checkout_undone": UNDONE,
    "fact_checked_in": envelope(9, CheckedIn(barcode="30234000517861", item=key(4), loan=key(2), sent_to="L12")),
    "fact_checked_in_unknown": envelope(10, CheckedIn(barcode="30234000517861")),
    "fact_renewed": envelope(11, Renewed(loan=key(2), patron=key(3), due=date(2026, 5, 10), rules=3, card=bytes(range(16)), offline=True)),
    "fact_card_reported_lost": envelope(12, CardReportedLost(card=bytes(range(16)), patron=key(3), by_card=bytes(range(16, 32)))),
    "fact_lost_card_shown": envelope(13, LostCardShown(card=bytes(range(16)))),
    "fact_ledger_restored": envelope(14, LedgerRestored(former=key(6), shared_seq=12, moved=1)),
    "push_batch_chained": wire.PushBatch(
        epoch=key(6),
        first_seq=7,
        facts=[Raw(encode(CHECKED_OUT)), Raw(encode(UNDONE))],
        chain=wire.ChainSpan(before=bytes(range(32)), after=bytes(range(32, 64))),
        heard=wire.HeardTime(server_time=AT, monotonic=123_456_000, boot="3f8e"),
    ),
    "key_reused_fork": wire.KeyReused(seq=7, problem="this number came before with another body", fork=True),
    "push_batch": wire.PushBatch(epoch=key(6), first_seq=7, facts=[Raw(encode(CHECKED_OUT)), Raw(encode(UNDONE))]),
    "push_answer": wire.PushAnswer(
        server_time=AT,
        next_seq=11,
        results=(
            wire.FactResult(seq=7, status=FactStatus.ACCEPTED, position=41),
            wire.FactResult(seq=8, status=FactStatus.FLAGGED, position=42, reasons=("item_on_loan", "card_lost")),
            wire.FactResult(seq=9, status=FactStatus.MALFORMED, place="facts[2].fact.due", problem="Expected `date`"),
            wire.FactResult(seq=10, status=FactStatus.UNKNOWN),
        ),
    ),
    "sequence_gap": wire.SequenceGap(send_from=5),
    "changes_page_with_witness": wire.ChangesPage(
        feed=key(9), start=7, end=7, head=7, server_time=AT, witness="0f" * 16 + ".7." + "1e" * 16
    ),
    "snapshot_needed_restored": wire.SnapshotNeeded(problem="the registry was put back to a backup", restored=True),
    "range_check": RangeCheck(
        feed=key(9), cursor=7, schema=3, ranges=(RangeDigest(table="item", after=str(key(4)), upto=str(key(8)), rows=2, xor="00ff" * 4),)
    ),
    "range_answer": RangeAnswer(
        server_time=AT,
        position=9,
        differing=(DifferingRange(range=0, rows=(wire.Change(seq=9, table="branch", key="C01", row=Raw(b'{"code":"C01","name":"B"}')),)),),
        unsettled=(1,),
    ),
    "range_check_covered": RangeCheck(
        feed=key(9), cursor=7, schema=3, ranges=(RangeDigest(table="card", rows=0, xor="0" * 16),), cover="00ff" * 4
    ),
    "range_answer_covered": RangeAnswer(server_time=AT, position=9, cover="00ff" * 4),
    "key_reused": wire.KeyReused(seq=7, problem="this number came before with another body"),
    "changes_page": wire.ChangesPage(
        feed=key(7),
        start=40,
        end=43,
        head=50,
        server_time=AT,
        changes=(
            wire.Change(seq=41, table="branch", key="C01", row=Raw('{"code":"C01","name":"總館"}'.encode())),
            wire.Change(seq=43, table="card", key="000102030405060708090a0b0c0d0e0f"),
        ),
    ),
    "changes_page_with_terms": wire.ChangesPage(
        feed=key(7),
        start=50,
        end=50,
        head=50,
        server_time=AT,
        offline=(wire.SignedTerms(statement=b'{"version":1}', signature=bytes(range(64))),),
    ),
    "changes_page_with_cover": wire.ChangesPage(
        feed=key(7),
        start=50,
        end=50,
        head=50,
        server_time=AT,
        cover="00ff" * 4,
        new_cover=covers.SignedCover(statement=b'{"v":1}', signature=bytes(range(64))),
    ),
    "snapshot_needed": wire.SnapshotNeeded(problem="the changes after this cursor are no longer kept"),
    "snapshot_manifest": A_MANIFEST,
    "snapshot_manifest_covered": replace(A_MANIFEST, cover="00ff" * 4, salt=bytes(range(16))),
    "signed_manifest": wire.SignedManifest(manifest=b'{"v":1}', signature=bytes(range(64))),
    "covered_manifest": wire.SignedManifest(
        manifest=b'{"v":1}', signature=bytes(range(64)), new_cover=covers.SignedCover(statement=b'{"v":1}', signature=bytes(range(64)))
    ),
    "cover_statement": covers.CoverStatement(kiosk=key(8), version=3, sealed=bytes(range(80))),
    "enrolment_request": wire.EnrolmentRequest(code="7K3M-Q0ZD-41XW", public_key=bytes(range(32)), name="總館一樓"),
    "enrolment_answer": wire.EnrolmentAnswer(
        kiosk=key(8),
        branch="C01",
        branch_name="總館",
        time_zone="Asia/Taipei",
        card_key=bytes(range(32)),
        card_key_version=1,
        registry_key=bytes(range(32, 64)),
    ),
    "pin_check": wire.PinCheck(patron=key(3), pin="7316"),
    "pin_answer": wire.PinAnswer(verdict=wire.PinVerdict.LOCKED, locked_until=AT),
    "loss_request": wire.LossRequest(national_id="A123456789", birth_date=date(2014, 5, 6), kind=CardKind.EASYCARD),
    "loss_taken": wire.LossTaken(),
    "health_report": wire.HealthReport(
        at=AT,
        version="0.1.0",
        devices=(
            wire.DeviceReport(device="printer", state="degraded", since=AT, fault="paper_out"),
            wire.DeviceReport(device="registry", state="ready", since=AT),
        ),
    ),
    "health_taken": wire.HealthTaken(),
    "kiosk_revoked": revocations.KioskRevoked(
        code="kiosk_revoked", problem="enrol anew", revocation=b'{"v":1}', signature=bytes(range(64))
    ),
    "revocation": revocations.Revocation(kiosk=key(3), revoked_at=AT),
    "problem": wire.Problem(code="clock_skew", problem="set the kiosk's clock", server_time=AT),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_is_written_as_it_always_was(name: str) -> None:
    assert encode(ENVELOPES[name]) == (GOLDEN / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", ENVELOPES)
def test_what_was_written_is_read_and_written_the_same(name: str) -> None:
    written = (GOLDEN / f"{name}.json").read_bytes()
    assert encode(msgspec.json.decode(written, type=type(ENVELOPES[name]))) == written


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_field_from_a_newer_sender_is_ignored(name: str) -> None:
    written = (GOLDEN / f"{name}.json").read_bytes()
    newer = written[:-1] + b',"from_the_future":[{"a":1}]}'
    assert encode(msgspec.json.decode(newer, type=type(ENVELOPES[name]))) == written


def test_every_envelope_and_every_fact_has_its_golden_bytes() -> None:
    structs = {one for one in vars(wire).values() if isinstance(one, type) and issubclass(one, Struct) and one is not Struct}
    nested = {wire.FactResult, wire.Change, wire.ChainSpan, wire.HeardTime, wire.SignedTerms, covers.SignedCover, wire.DeviceReport}
    assert structs - nested <= {type(envelope) for envelope in ENVELOPES.values()}
    assert {type(one.fact) for one in ENVELOPES.values() if isinstance(one, FactEnvelope)} == set(get_args(Fact))
    assert {path.stem for path in GOLDEN.iterdir()} == set(ENVELOPES)


def test_a_fact_in_a_batch_stays_raw_until_its_turn() -> None:
    batch = msgspec.json.decode(
        b'{"epoch":"01a202b4-9200-714d-abda-000000000006","first_seq":1,"facts":[{"seq":"x"},42]}', type=wire.PushBatch
    )
    assert [bytes(fact) for fact in batch.facts] == [b'{"seq":"x"}', b"42"]


def test_a_tombstone_comes_without_a_row_and_a_row_comes_raw() -> None:
    page = msgspec.json.decode((GOLDEN / "changes_page.json").read_bytes(), type=wire.ChangesPage)
    row, tombstone = page.changes
    assert row.row is not None
    assert msgspec.json.decode(row.row) == {"code": "C01", "name": "總館"}
    assert tombstone.row is not None
    assert bytes(tombstone.row) == b"null"
    absent = msgspec.json.decode(b'{"seq":1,"table":"card","key":"00"}', type=wire.Change)
    assert absent.row is None


def test_a_tag_names_a_set_of_terms_to_the_byte_and_an_empty_one_none() -> None:
    one, other = (wire.SignedTerms(statement=text, signature=b"s") for text in (b"ab", b"a"))
    tags = {
        wire.tag_of(terms) for terms in ((one,), (other,), (one, other), (other, one), (wire.SignedTerms(statement=b"a", signature=b"bs"),))
    }
    assert len(tags) == 5
    assert {len(tag) for tag in tags} == {16}
    assert wire.tag_of(()) == ""

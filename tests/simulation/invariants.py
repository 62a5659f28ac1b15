"""I1 to I10, each a function of its own over a world in which all is quiet. They ask the databases in plain SQL, by nobody's stores."""

import base64
import hashlib
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
import zstandard
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import pysqlite

from circulation.wire import SnapshotManifest
from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles
from replica.mapping import TABLE_OF
from tests.simulation.house import House
from tests.simulation.kiosk import Kiosk
from tests.simulation.laws import BrokenLawError, Law
from tests.simulation.line import Net

_ROWS = {table.name: str(select(table).compile(dialect=pysqlite.dialect())) for table in TABLE_OF.values()}
"""For each table of a replica the query for all its rows, for either driver."""


class Recorded(NamedTuple):
    """A fact at the registry. ``said`` is what the ledger wrote where the registry has forgotten who had what, and keeps the digest only."""

    kiosk: UUID
    epoch: UUID
    seq: int
    digest: bytes
    status: str
    said: dict[str, Any]

    @property
    def fact(self) -> dict[str, Any]:
        content: dict[str, Any] = self.said.get("fact", {"type": ""})
        return content

    @property
    def is_applied(self) -> bool:
        return self.status in {"accepted", "flagged"}


Facts = dict[tuple[UUID, UUID], dict[int, Recorded]]
"""By kiosk and epoch, then by number."""


class Quiet(Protocol):
    """What an invariant may look at."""

    house: House
    net: Net
    kiosks: list[Kiosk]

    @property
    def everyone(self) -> Iterable[Kiosk]:
        """Kiosks that take part no more, too."""


def i1_each_fact_once_in_order(world: Quiet) -> None:
    """Every fact that a ledger held stands in the registry once, with its very bytes, under dense numbers."""
    recorded = _recorded(world)
    held = _by_ledger(recorded)
    for kiosk in world.everyone:
        for life in kiosk.lives:
            there = held.get((kiosk.identity.kiosk, life.epoch), {})
            if sorted(there) != list(range(1, len(there) + 1)):
                raise BrokenLawError(Law.I1, f"{kiosk.name}: numbers {sorted(there)[:5]}… are not dense")
            known = {one.seq: one.body for one in life.facts}
            for seq, one in there.items():
                if seq not in known or one.digest == hashlib.sha256(known[seq]).digest() or life.ended:
                    continue
                if not kiosk.restored or (kiosk in world.kiosks and _answered(kiosk, seq)):
                    raise BrokenLawError(Law.I1, f"{kiosk.name}: number {seq} is another fact than was sent")
            missing = set(known) - set(there)
            if missing and not (life.ended or kiosk.retired or kiosk.needs_staff or kiosk.revoked):
                raise BrokenLawError(Law.I1, f"{kiosk.name}: {len(missing)} facts were never applied, from {min(missing)} on")
    _applied_once(world, recorded)
    _what_is_held_is_there(world)


def _what_is_held_is_there(world: Quiet) -> None:
    """Facts of an epoch that ended, too: a registry that was put back to a backup has forgotten them, their ledger has not."""
    there = {key for (key,) in world.house.rows("SELECT fact_key FROM fact")}
    for kiosk in world.kiosks:
        if kiosk.retired or kiosk.needs_staff or kiosk.revoked:
            continue
        with kiosk.ledger._reading():
            held = kiosk.ledger._connection.exec_driver_sql("SELECT seq, key FROM outbox ORDER BY seq").all()
        missing = [seq for seq, key in held if key not in there]
        if missing:
            raise BrokenLawError(
                Law.I1, f"{kiosk.name}: {len(missing)} facts that its ledger holds are not at the registry, from {missing[0]} on"
            )


def _applied_once(world: Quiet, recorded: Iterable[Recorded]) -> None:
    loans = dict(world.house.rows("SELECT id, count(*) FROM loan GROUP BY id"))
    for one in recorded:
        if one.fact["type"] == "checked_out" and one.is_applied and loans.get(UUID(one.fact["loan"]).bytes, 0) != 1:
            raise BrokenLawError(Law.I1, f"loan {one.fact['loan']} of an applied checkout is not on record once")


def i2_replica_equals_registry(world: Quiet) -> None:
    """A replica has exactly the rows of a snapshot that is made now."""
    shelf = world.house.shelf()
    fresh: dict[str, dict[str, list[Any]]] = {}
    for kiosk in world.kiosks:
        if kiosk.revoked:
            continue
        branch = kiosk.identity.branch
        if branch not in fresh:
            manifest = msgspec.json.decode(shelf.latest(branch, None).manifest, type=SnapshotManifest)
            packed = shelf.file(branch, manifest.name)
            assert packed is not None
            with tempfile.TemporaryDirectory() as folder:
                plain = Path(folder) / "plain.db"
                with packed.open("rb") as source, plain.open("wb") as target:
                    zstandard.ZstdDecompressor().copy_stream(source, target)
                with closing(connect(plain)) as connection:
                    fresh[branch] = _rows(connection)
        with kiosk.ledger._reading():
            left = kiosk.ledger._connection.exec_driver_sql("SELECT count(*) FROM local_loan").scalar_one()
        if left and not (kiosk.needs_staff or kiosk.restored):
            raise BrokenLawError(Law.I2, f"{kiosk.name}: {left} loans still lie over a replica that shows them, or never will")
        path = ReplicaFiles(kiosk.folder).current()
        if path is None:
            raise BrokenLawError(Law.I2, f"{kiosk.name} has no replica")
        with closing(connect_encrypted(path, kiosk.identity.database_key)) as connection:
            mine = _rows(connection)
        for table, rows in fresh[branch].items():
            if mine[table] != rows:
                raise BrokenLawError(
                    Law.I2, f"{kiosk.name}: table {table} has {len(mine[table])} rows, the registry {len(rows)}, and they differ"
                )


def i2_the_feed_alone_suffices(world: Quiet) -> None:
    """Where no row was spoilt, comparing ranges has never found one to put right: else it would hide what the feed got wrong."""
    if world.net.counts["spoilt_row"]:
        return
    for kiosk in world.kiosks:
        if kiosk._core._feed._comparing._mended_at is not None:
            raise BrokenLawError(Law.I2, f"{kiosk.name}: rows were put right that nothing but the feed can have spoilt")


def i3_stopped_cards_lend_nothing(world: Quiet) -> None:
    """After a loss report was applied, a checkout by that card is flagged."""
    stopped: set[str] = set()
    for one in _recorded(world):
        fact = one.fact
        if fact["type"] == "card_reported_lost" and one.is_applied:
            stopped.add(fact["card"])
        elif fact["type"] == "checked_out" and fact.get("card") in stopped and one.status == "accepted":
            raise BrokenLawError(Law.I3, f"loan {fact['loan']} was made by a card that had been reported lost, and nobody is told")
    lost = {base64.b64encode(key).decode() for (key,) in world.house.rows("SELECT card_key FROM card WHERE state <> 'active'")}
    if stopped - lost:
        raise BrokenLawError(Law.I3, "a card that was reported lost is active")


def i4_double_loans_are_conflicts(world: Quiet) -> None:
    """Of an item that is on loan more than once, all loans but the first are laid before staff."""
    flagged = {loan for (loan,) in world.house.rows("SELECT loan FROM flagged_fact WHERE other_loan IS NOT NULL")}
    of_item: dict[bytes, list[bytes]] = {}
    for item, loan in world.house.rows("SELECT item, id FROM loan WHERE closed_at IS NULL ORDER BY id"):
        of_item.setdefault(item, []).append(loan)
    for loans in of_item.values():
        silent = [loan for loan in loans if loan not in flagged]
        if len(silent) > 1:
            raise BrokenLawError(Law.I4, f"an item is on loan {len(loans)} times, and {len(silent)} of them nobody is told of")


def i5_shown_is_kept(world: Quiet) -> None:
    """Every loan that a screen showed as borrowed is a fact of its kiosk's ledger."""
    for kiosk in world.everyone:
        kept = {one.fact.get("loan") for life in kiosk.lives for one in life.facts}
        for loan in kiosk.shown:
            if str(loan) not in kept:
                raise BrokenLawError(Law.I5, f"{kiosk.name} showed loan {loan} as borrowed and has no fact of it")
        if not kiosk.retired and kiosk.ledger.last_seq() - kiosk.ledger.device().epoch_base < len(kiosk.life.facts):
            raise BrokenLawError(Law.I5, f"{kiosk.name}: the ledger has lost facts")


def i6_feed_is_dense(world: Quiet) -> None:
    """The feed has every number up to its head."""
    ((head, kept),) = world.house.rows("SELECT n, kept_from FROM feed_head")
    numbers = [seq for (seq,) in world.house.rows("SELECT seq FROM feed ORDER BY seq")]
    if numbers != list(range(kept + 1, head + 1)):
        raise BrokenLawError(Law.I6, f"the feed up to {head} has {len(numbers)} numbers")


def i7_outboxes_drain(world: Quiet) -> None:
    """Two days after the network has come back nothing waits, but at a kiosk that a person must look at."""
    for kiosk in world.kiosks:
        if kiosk.needs_staff and not (kiosk.restored or kiosk.revoked):
            raise BrokenLawError(Law.I1, f"{kiosk.name} was refused, though nobody restored an image or revoked it")
        if kiosk.ledger.unanswered() and not (kiosk.needs_staff or kiosk.revoked):
            raise BrokenLawError(Law.I7, f"{kiosk.name}: {kiosk.ledger.unanswered()} facts without an answer")


def i8_no_clock_decides(world: Quiet) -> None:
    """A return that named a loan on record ended it, whatever any clock said; a promised due date stands."""
    ended = dict(world.house.rows("SELECT id, closed_at FROM loan"))
    due = dict(world.house.rows("SELECT id, due FROM loan WHERE renewals = 0"))
    for fact in [one.fact for one in _recorded(world) if one.is_applied]:
        loan = UUID(fact["loan"]).bytes if fact.get("loan") else b""
        if fact["type"] == "checked_in" and loan in ended and ended[loan] is None:
            raise BrokenLawError(Law.I8, f"loan {fact['loan']} was returned by name and is open")
        if fact["type"] == "checked_out" and loan in due and due[loan] != fact["due"]:
            raise BrokenLawError(Law.I8, f"loan {fact['loan']} was promised until {fact['due']}, and is due on {due[loan]}")


def i9_reused_numbers_alarm(world: Quiet) -> None:
    """Every reused number was refused with an alarm; every ledger but a kiosk's first one raised one."""
    if world.net.reused:
        ((alarms,),) = world.house.rows(
            "SELECT count(*) FROM audit WHERE action IN ('fact key reused', 'ledger forked') AND outcome = 'alarm'"
        )
        if alarms < world.net.reused:
            raise BrokenLawError(Law.I9, f"{world.net.reused} reused numbers raised {alarms} alarms")
    keys: set[str] = set()
    for one in _recorded(world):
        if one.said and one.said["key"] in keys:
            raise BrokenLawError(Law.I9, f"number {one.seq} of a ledger was applied under another number, too")
        keys.add(one.said.get("key", ""))


def covers_are_others_for_the_revoked(world: Quiet) -> None:
    """What a machine whose rights were taken away knew is not in force any more (ADR 43)."""
    now = world.house.registry.covers.in_force()
    revoked = {UUID(bytes=key) for (key,) in world.house.rows("SELECT id FROM kiosk WHERE revoked_at IS NOT NULL")}
    for kiosk in world.everyone:
        if kiosk.identity.kiosk in revoked and now is not None and kiosk.cover.id == now.id:
            raise BrokenLawError(Law.COVER, f"{kiosk.name}, whose rights were taken away, knows what card keys travel under")


ALL: tuple[Callable[[Quiet], None], ...] = (
    i1_each_fact_once_in_order,
    i3_stopped_cards_lend_nothing,
    i4_double_loans_are_conflicts,
    i5_shown_is_kept,
    i6_feed_is_dense,
    i7_outboxes_drain,
    i8_no_clock_decides,
    i9_reused_numbers_alarm,
    covers_are_others_for_the_revoked,
    i2_the_feed_alone_suffices,
    i2_replica_equals_registry,
)
"""I10 is looked at while people are there: see ``world.World``."""


def _recorded(world: Quiet) -> list[Recorded]:
    """In the order in which they were taken."""
    written = {hashlib.sha256(one.body).digest(): one.body for kiosk in world.everyone for life in kiosk.lives for one in life.facts}
    found: list[Recorded] = []
    for kiosk, epoch, seq, digest, status, body in world.house.rows(
        "SELECT kiosk, epoch, seq, digest, status, body FROM fact ORDER BY rowid"
    ):
        said = msgspec.json.decode(body or written.get(digest, b"{}"))
        found.append(Recorded(UUID(bytes=kiosk), UUID(bytes=epoch), seq, digest, status, said))
    return found


def _by_ledger(recorded: Iterable[Recorded]) -> Facts:
    found: Facts = {}
    for one in recorded:
        found.setdefault((one.kiosk, one.epoch), {})[one.seq] = one
    return found


def _answered(kiosk: Kiosk, seq: int) -> bool:
    with kiosk.ledger._reading():
        found = kiosk.ledger._connection.exec_driver_sql(
            "SELECT status FROM outbox WHERE seq = ?", (seq + kiosk.ledger.device().epoch_base,)
        ).first()
    return found is not None and found[0] is not None


def _rows(connection: Any) -> dict[str, list[Any]]:
    return {name: sorted(map(repr, connection.execute(query))) for name, query in _ROWS.items()}

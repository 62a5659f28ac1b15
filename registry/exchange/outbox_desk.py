"""Taking facts that came on a stick: by the same way in as those that come by network, all of them or none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from circulation.ids import KioskId
from circulation.wire import FactStatus, KeyReused, Problem, PushBatch, SequenceGap
from registry.audit.store import AuditEntry, append
from registry.database import Database
from registry.exchange import store_facts
from registry.exchange.outbox_files import FileRefusal, FileRefusedError, opened, read_outside
from registry.exchange.push import FactIntake
from registry.exchange.sender import Sender
from registry.keys import RegistryKeys
from registry.kiosks.store import KioskRecord, everyone


@dataclass(frozen=True, slots=True)
class TakenOutbox:
    """What came of a file: whose it was, how many facts were new, how many were here before, how many were laid before staff."""

    kiosk: str
    branch: str
    first_seq: int
    last_seq: int
    new: int
    before: int
    flagged: int
    unread: int


class OutboxDesk:
    """The way in for files. The kiosk hears of it by its next push: the registry answers with the results that are stored."""

    def __init__(self, database: Database, keys: RegistryKeys, intake: FactIntake, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._keys = keys
        self._intake = intake
        self._now = now

    def take(self, content: bytes, *, by: str, although_revoked: bool = False) -> TakenOutbox:
        """Take a file's facts in one transaction, each exactly once, whatever came by network or by another file.

        Args:
            content: the file.
            by: who brings it, for the trail.
            although_revoked: take it from a kiosk whose rights were taken away; somebody knows that it is its own.

        Raises:
            FileRefusedError: nothing was taken.

        """
        named: UUID | None = None
        try:
            signed, outside = read_outside(content, self._keys)
            named = outside.kiosk
            sender = self._sender(named, although_revoked=although_revoked)
            return self._taken(sender, opened(signed, outside, sender.public_key, self._keys), by)
        except FileRefusedError as error:
            self._note(by, str(error.code), {} if named is None else {"kiosk": str(named)})
            raise

    def _taken(self, sender: KioskRecord, batch: PushBatch, by: str) -> TakenOutbox:
        with self._database.reading() as connection:
            last = store_facts.last_number(connection, sender.id, batch.epoch) or 0
        answer = self._intake.take(Sender(KioskId(sender.id), sender.branch), batch)
        if isinstance(answer, SequenceGap):
            raise FileRefusedError(FileRefusal.GAP, answer.send_from)
        if isinstance(answer, KeyReused):
            raise FileRefusedError(FileRefusal.REUSED, answer.seq)
        if isinstance(answer, Problem):
            raise FileRefusedError(FileRefusal.CONTENT)
        fresh = [one for one in answer.results if one.seq > last]
        taken = TakenOutbox(
            kiosk=sender.name,
            branch=sender.branch,
            first_seq=batch.first_seq,
            last_seq=batch.first_seq + len(batch.facts) - 1,
            new=len(fresh),
            before=len(answer.results) - len(fresh),
            flagged=sum(one.status is FactStatus.FLAGGED for one in fresh),
            unread=sum(one.status in {FactStatus.MALFORMED, FactStatus.UNKNOWN} for one in fresh),
        )
        detail: dict[str, str | int] = {
            "kiosk": str(sender.id),
            "epoch": str(batch.epoch),
            "first": taken.first_seq,
            "last": taken.last_seq,
            "new": taken.new,
        }
        self._note(by, "done", detail)
        return taken

    def _sender(self, key: UUID, *, although_revoked: bool) -> KioskRecord:
        with self._database.reading() as connection:
            found = next((one for one in everyone(connection) if one.id == key), None)
        if found is None:
            raise FileRefusedError(FileRefusal.KIOSK_UNKNOWN)
        if found.revoked_at is not None and not although_revoked:
            raise FileRefusedError(FileRefusal.KIOSK_REVOKED)
        return found

    def _note(self, by: str, outcome: str, detail: dict[str, str | int]) -> None:
        done = outcome == "done"
        entry = AuditEntry(
            self._now(), by, "outbox imported", "done" if done else "refused", detail if done else {**detail, "why": outcome}
        )
        self._database.write(lambda work: append(work.connection, entry))

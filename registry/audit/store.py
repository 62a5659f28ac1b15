"""Writing the audit trail. It adds at the end; there is no other verb here."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from registry.audit.chain import Said, digest_of, hash_after
from registry.audit.tables import audit, audit_head, audit_subject
from registry.columns import without_nul
from registry.database import add_rows, audit_key_of
from registry.pieces import in_pieces

MOST_PATRONS = 500
"""Whom one entry is about; more go on in further entries."""
_NAMING = ("patron", "other_patron")
_FEW = 20


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what and how it went. ``detail`` holds codes, numbers and row keys, never what a person said or is called.

    ``patrons`` are the keys of those whom it is about: whose data were shown, or changed. Those that ``detail`` names
    (``patron``, ``other_patron``) are among them by themselves.
    """

    at: datetime
    actor: str
    action: str
    outcome: str
    detail: Mapping[str, str | int] = field(default_factory=dict)
    patrons: Collection[UUID] = ()


def append(connection: Connection, entry: AuditEntry) -> None:
    """Add one entry; about more than ``MOST_PATRONS`` it becomes several."""
    append_all(connection, [entry])


def append_all(connection: Connection, entries: Iterable[AuditEntry]) -> None:
    """Add entries in their order, each bound to the one before it. Writers come one after the other, so the head stays what was read.

    Raises:
        AuditKeyMissingError: the database was not given the key of its trail.

    """
    key = audit_key_of(connection)
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
    seq, before = int(head.seq), bytes(head.hash)
    rows: list[dict[str, object]] = []
    about: list[tuple[int, UUID]] = []
    for said in _parts(entries):
        seq, digest = seq + 1, digest_of(said)
        before = hash_after(before, seq, digest, key=key)
        row = {"at": said.at, "actor": said.actor, "action": said.action, "outcome": said.outcome, "detail": said.detail}
        rows.append({"seq": seq, **row, "digest": digest, "hash": before})
        about += ((seq, patron) for patron in said.patrons)
    if not rows:
        return
    connection.execute(insert(audit), rows)
    if len(about) > _FEW:
        add_rows(connection, audit_subject, about)
    elif about:
        connection.execute(insert(audit_subject), [{"seq": number, "patron": patron} for number, patron in about])
    connection.execute(update(audit_head).values(seq=seq, hash=before))


def _parts(entries: Iterable[AuditEntry]) -> Iterator[Said]:
    for entry in entries:
        if entry.at.tzinfo is None:
            message = "an instant without a time zone cannot be stored"
            raise ValueError(message)
        detail = {without_nul(name): without_nul(value) if isinstance(value, str) else value for name, value in entry.detail.items()}
        said = Said(entry.at, without_nul(entry.actor), without_nul(entry.action), without_nul(entry.outcome), detail)
        pieces = list(in_pieces(subjects_of(entry), most=MOST_PATRONS)) or [[]]
        for number, piece in enumerate(pieces, start=1):
            yield replace(said, detail=detail if len(pieces) == 1 else {**detail, "part": number}, patrons=piece)


def subjects_of(entry: AuditEntry) -> Sequence[UUID]:
    """Whom an entry is about, each once, in the order of their keys."""
    named = (_key_of(entry.detail.get(name)) for name in _NAMING)
    return sorted({*entry.patrons, *(key for key in named if key is not None)})


def _key_of(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def latest(connection: Connection, *, limit: int = 100) -> list[AuditEntry]:
    """The last entries, newest first."""
    found = connection.execute(select(audit).order_by(audit.c.seq.desc()).limit(limit)).all()
    about = patrons_of(connection, [row.seq for row in found])
    return [AuditEntry(row.at, row.actor, row.action, row.outcome, row.detail, about.get(row.seq, ())) for row in found]


def patrons_of(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[UUID, ...]]:
    """Whom these entries are about."""
    found: dict[int, tuple[UUID, ...]] = {}
    for piece in in_pieces(numbers):
        wanted = select(audit_subject).where(audit_subject.c.seq.in_(piece)).order_by(audit_subject.c.seq, audit_subject.c.patron)
        for row in connection.execute(wanted):
            found[row.seq] = (*found.get(row.seq, ()), row.patron)
    return found

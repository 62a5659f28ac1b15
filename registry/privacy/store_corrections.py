"""The store of corrections: the new values, which fields they were, and who is to be told."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, delete, exists, insert, or_, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.enrolment.names import NameStyle, folded, masked
from registry.enrolment.tables import patron
from registry.privacy.corrections import CONTACT, IDENTITY, CorrectedField, CorrectionMade, PresentData, Recipient
from registry.privacy.tables import correction, correction_told
from registry.rosters.tables import consent, contact, pupil
from registry.tables import metadata

_APPS = ("mobile_device",)
"""Tables that say in which apps a patron is signed in, where this program has them."""


def present(connection: Connection, key: PatronId) -> PresentData | None:
    """What the registry has of a patron; nothing when there is no such patron."""
    columns = [patron.c[one.value] for one in CorrectedField if one in IDENTITY] + [contact.c[one.value] for one in CONTACT]
    joined = patron.outerjoin(contact, contact.c.patron == patron.c.id).outerjoin(pupil, pupil.c.patron == patron.c.id)
    consented = exists(select(1).where(consent.c.patron == patron.c.id)).label("consented")
    wanted = select(*columns, pupil.c.school, patron.c.regular_at, consented).select_from(joined)
    row = connection.execute(wanted.where(patron.c.id == key)).mappings().first()
    if row is None:
        return None
    values: dict[CorrectedField, str | date | None] = {one: row[one.value] for one in CorrectedField}
    return PresentData(values, bool(row["consented"]), row["school"], row["regular_at"], _in_apps(connection, key))


def id_is_taken(connection: Connection, national_id: str, key: PatronId) -> bool:
    """Whether another patron has this national ID."""
    other = select(patron.c.id).where(patron.c.national_id == national_id, patron.c.id != key)
    return connection.execute(other).first() is not None


def write(work: UnitOfWork, key: PatronId, values: Mapping[CorrectedField, str | date | None], *, names: NameStyle) -> None:
    """Write new values; what is made from the name is made anew. Contact data by hand make no record complete (Q3-3b)."""
    own: dict[str, object] = {one.value: value for one, value in values.items() if one in IDENTITY}
    if CorrectedField.NAME in values:
        name = str(values[CorrectedField.NAME])
        own |= {"masked_name": masked(name, names), "folded_name": folded(name)}
    if own:
        work.connection.execute(update(patron).where(patron.c.id == key).values(**own))
    reach = {one.value: value for one, value in values.items() if one not in IDENTITY}
    if reach and not work.connection.execute(update(contact).where(contact.c.patron == key).values(**reach)).rowcount:
        work.connection.execute(insert(contact), {"patron": key, **dict.fromkeys((one.value for one in CONTACT), None), **reach})


def add(work: UnitOfWork, made: CorrectionMade, *, waiting_name: str | None, request: UUID | None, by: str) -> None:
    """Note a correction; one whose name waits is not settled."""
    settled = {} if made.waits else {"settled_at": made.made_at, "settled_by": by}
    work.connection.execute(
        insert(correction),
        {
            "id": made.id,
            "patron": made.patron,
            "request": request,
            "fields": [one.value for one in made.fields],
            "waiting_name": waiting_name,
            "made_at": made.made_at,
            "made_by": by,
            **settled,
        },
    )


def owe(work: UnitOfWork, key: UUID, recipients: Collection[Recipient], *, at: datetime) -> None:
    """Note who is to be told; kiosks are told by the feed in the same unit of work."""
    known = set(work.connection.execute(select(correction_told.c.recipient).where(correction_told.c.correction == key)).scalars())
    fed = {Recipient.KIOSKS: (at, "feed")}
    work.add(correction_told, ((key, one.value, *fed.get(one, (None, None))) for one in recipients if one.value not in known))


def settle(work: UnitOfWork, key: UUID, *, at: datetime, by: str) -> tuple[PatronId, str] | None:
    """Take the name that waits out of a correction: a librarian decides. Nothing when none waits."""
    waits = (correction.c.id == key) & correction.c.waiting_name.is_not(None)
    row = work.connection.execute(select(correction.c.patron, correction.c.waiting_name).where(waits)).first()
    if row is None:
        return None
    work.connection.execute(update(correction).where(waits).values(waiting_name=None, settled_at=at, settled_by=by))
    return PatronId(row.patron), str(row.waiting_name)


def tell(work: UnitOfWork, key: UUID, recipient: Recipient, *, at: datetime, by: str) -> PatronId | None:
    """Note that a recipient was told; whose correction it is, nothing when there was nobody to tell."""
    open_one = (correction_told.c.correction == key, correction_told.c.recipient == recipient.value, correction_told.c.told_at.is_(None))
    if not work.connection.execute(update(correction_told).where(*open_one).values(told_at=at, told_by=by)).rowcount:
        return None
    return PatronId(work.connection.execute(select(correction.c.patron).where(correction.c.id == key)).scalar_one())


def unfinished(connection: Connection) -> list[CorrectionMade]:
    """The corrections whose name waits, or of which somebody is still to be told, oldest first."""
    untold = select(1).where(correction_told.c.correction == correction.c.id, correction_told.c.told_at.is_(None))
    wanted = select(correction).where(or_(correction.c.waiting_name.is_not(None), exists(untold)))
    rows = connection.execute(wanted.order_by(correction.c.made_at, correction.c.id)).all()
    told: dict[UUID, list[Recipient]] = {}
    of_these = select(correction_told).where(correction_told.c.told_at.is_(None)).order_by(correction_told.c.recipient)
    for row in connection.execute(of_these):
        told.setdefault(row.correction, []).append(Recipient(row.recipient))
    return [
        CorrectionMade(
            *(row.id, PatronId(row.patron), tuple(map(CorrectedField, row.fields)), row.waiting_name is not None, row.made_at),
            tuple(told.get(row.id, ())),
        )
        for row in rows
    ]


def forget(work: UnitOfWork, keys: Collection[PatronId]) -> None:
    """Forget the corrections of these patrons."""
    theirs = select(correction.c.id).where(correction.c.patron.in_(keys))
    work.connection.execute(delete(correction_told).where(correction_told.c.correction.in_(theirs)))
    work.connection.execute(delete(correction).where(correction.c.patron.in_(keys)))


def _in_apps(connection: Connection, key: PatronId) -> bool:
    tables = [metadata.tables[name] for name in _APPS if name in metadata.tables]
    return any(connection.execute(select(1).select_from(table).where(table.c.patron == key).limit(1)).first() for table in tables)

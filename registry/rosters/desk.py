"""The desk where rosters arrive: read a file, show what it would change, and change it in one transaction."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from circulation.cards import NumberForm
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.outside import Outside
from registry.rosters import store, store_number_forms, store_senders
from registry.rosters.batches import BatchDesk, Brought
from registry.rosters.card_numbers import check_form
from registry.rosters.headings import RosterKind
from registry.rosters.loading import LoadedRoster, RosterOrder, load_roster
from registry.rosters.number_forms import CalibratedForm
from registry.rosters.preview import Preview
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.senders import SenderFormat
from registry.schools.store import School, branch_of_school, set_schools


class RosterDesk:
    """Loads rosters into a registry."""

    def __init__(self, database: Database, outside: Outside, batches: BatchDesk, *, zone: ZoneInfo) -> None:
        self._database = database
        self._outside = outside
        self._batches = batches
        self._zone = zone

    def using(self, batches: BatchDesk) -> "RosterDesk":
        """The same desk before another desk of batches."""
        return RosterDesk(self._database, self._outside, batches, zone=self._zone)

    def set_schools(self, schools: Iterable[School]) -> int:
        """Add schools or bring them up to date. Once there are any, a row with another code is refused."""
        given = list(schools)
        return self._database.write(lambda work: set_schools(work, given))

    def load(self, order: RosterOrder, *, told: Callable[[int], None] = lambda _: None) -> LoadedRoster:
        """Read a file; nothing is stored. ``told`` hears now and then how many rows have been read.

        Raises:
            RosterFileError: it is no such roster.
            NumberFormError: numbers of this form can't bind cards.

        """
        with self._database.reading() as connection:
            schools = branch_of_school(connection)
        if order.kind is RosterKind.SCHOOL_CONTACTS and order.sender is not None and order.sender not in schools:
            raise RosterFileError(FileFault.SCHOOL_UNKNOWN)
        return load_roster(order, today=self._outside.now().astimezone(self._zone).date(), schools=schools, told=told)

    def format_of(self, sender: str, kind: RosterKind) -> SenderFormat | None:
        """How a sender writes files of a kind; none when no file of it was taken yet."""
        with self._database.reading() as connection:
            return store_senders.find(connection, sender, kind)

    def calibrated_form_of(self, sender: str) -> CalibratedForm | None:
        """How a sender writes card numbers, where cards were compared."""
        with self._database.reading() as connection:
            return store_number_forms.find(connection, sender)

    def keep_form(self, sender: str, form: NumberForm, *, cards: int, by: str) -> CalibratedForm | None:
        """Keep what comparing ``cards`` cards has shown of a sender; what was kept before.

        Raises:
            NumberFormError: numbers of this form can't bind cards.

        """
        check_form(form)

        def act(work: UnitOfWork) -> CalibratedForm | None:
            before, now = store_number_forms.find(work.connection, sender), self._outside.now()
            store_number_forms.save(work, CalibratedForm(sender, form, cards, now), by=by)
            append(
                work.connection,
                AuditEntry(now, by, "number form calibrated", "done", {"sender": sender, "form": str(form), "cards": cards}),
            )
            return before

        return self._database.write(act)

    def preview(self, loaded: LoadedRoster, *, by: str) -> Preview:
        """What committing this would change now. It tells whether somebody is on record: who was compared is noted first."""
        return self._batches.preview(loaded.arrival, by=by)[0]

    def commit(self, loaded: LoadedRoster, preview: Preview, *, by: str) -> Brought:
        """Store what the preview showed: all of it or nothing. A file that changes nothing leaves no trace, an unusual one is staged.

        Raises:
            RosterFileError: ``NO_CONSENT``.
            RegistryMovedError: the registry has changed since the preview.

        """
        return self._bring(loaded, preview, by=by, at_once=True)

    def stage(self, loaded: LoadedRoster, preview: Preview, *, by: str) -> Brought:
        """Let the file wait, sealed, for whoever commits it.

        Raises:
            RegistryMovedError: the registry has changed since the preview.

        """
        return self._bring(loaded, preview, by=by, at_once=False)

    def _bring(self, loaded: LoadedRoster, preview: Preview, *, by: str, at_once: bool) -> Brought:
        """How the sender writes is remembered in the same unit of work in which its file is taken."""

        def bring(work: UnitOfWork) -> Brought:
            brought = self._batches.bring_in(work, loaded.arrival, by=by, at_once=at_once, seen=preview)
            shown = loaded.sender_format
            if shown is not None and shown != store_senders.find(work.connection, shown.sender, shown.kind):
                store_senders.save(work, shown, at=self._outside.now(), by=by)
            return brought

        return self._database.write(bring)

    def erase_waiting(self, *, older_than: timedelta, by: str) -> int:
        """Erase contact data that nobody's consent has come for in time (R4). How many rows.

        What the deadline is, the library says; the school is told to send them again.
        """

        def act(work: UnitOfWork) -> int:
            now = self._outside.now()
            count = store.erase_waiting_before(work, now - older_than)
            if count:
                append(work.connection, AuditEntry(now, by, "waiting contact data erased", "done", {"rows": count}))
            return count

        return self._database.write(act)

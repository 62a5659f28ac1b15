"""What every desk for people is given, and what they do alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import PatronId
from circulation.opening_days import local_date
from registry.audit.store import AuditEntry, append
from registry.cards.replacement import BindingRefusal
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.enrolment.names import NameStyle
from registry.outside import Outside
from registry.people import store
from registry.people.ages import AccountRules, rules_on
from registry.people.refusals import PeopleRefusal, PeopleRefusedError
from registry.people.store import Person, Served

Done = TypeVar("Done")
Refusals = tuple[PeopleRefusal | BindingRefusal, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """What a unit of work answers when it refuses: it commits nothing but the audit trail. ``patron`` is whom it was about, if anybody."""

    codes: Refusals
    patron: UUID | None = None


class Tag(Protocol):
    """32 bytes that are equal for equal texts, and tell nothing of them."""

    def __call__(self, *parts: str) -> bytes:
        """Make the tag."""


@dataclass(frozen=True, slots=True, repr=False)
class Office:
    """The registry as desks for people see it. ``tag`` makes those under which contact data wait and cases are known again."""

    database: Database
    outside: Outside
    zone: ZoneInfo
    names: NameStyle
    card_secret: bytes
    publish: Publish
    tag: Tag

    @property
    def today(self) -> date:
        """The library's local date."""
        return local_date(self.outside.now(), self.zone)

    def rules(self, connection: Connection) -> AccountRules | None:
        """The rules about ages and papers in force today."""
        return rules_on(self.today, store.rules(connection))

    def served(self, by: str) -> Served:
        """Somebody is served now."""
        return Served(self.outside.new_id(), self.outside.now(), by)

    def person(self, connection: Connection, key: PatronId) -> Person | None:
        """An account that has not ended."""
        return store.persons(connection, [key]).get(key)

    def note(self, work: UnitOfWork, by: str, action: str, detail: Mapping[str, str | int], *, outcome: str = "done") -> None:
        """Write the audit trail: keys, codes and numbers only."""
        append(work.connection, AuditEntry(self.outside.now(), by, action, outcome, detail))

    def decided(self, by: str, action: str, act: Callable[[UnitOfWork], Done | Refused]) -> Done:
        """Do something in one unit of work; what is refused leaves an audit entry and nothing else.

        Raises:
            PeopleRefusedError: with every code.

        """

        def attempt(work: UnitOfWork) -> Done | Refused:
            done = act(work)
            if isinstance(done, Refused):
                about = {} if done.patron is None else {"patron": str(done.patron)}
                codes = ",".join(code.value for code in done.codes)
                self.note(work, by, action, {**about, "code": codes}, outcome="refused")
            return done

        done = self.database.write(attempt)
        if isinstance(done, Refused):
            raise PeopleRefusedError(done.codes)
        return done

"""What the commands of the privacy desk and of the audit trail share: how a person is named, and what ends a command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from circulation.ids import PatronId
from registry.audit.checkpoints import CheckpointFileError
from registry.audit.trail import TrailBrokenError
from registry.house import Registry
from registry.keys import KeyFileError
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from youyue.cli.desk import at_the_registry, question_of, said
from youyue.cli.refusals import FAILED, USAGE, refuse

_WRONG_WORDS = {
    PrivacyRefusal.IDENTITY_UNPROVEN,
    PrivacyRefusal.PAPERS_MISSING,
    PrivacyRefusal.RECEIVED_LATER,
    PrivacyRefusal.REASON_MISSING,
    PrivacyRefusal.VALUE_UNREADABLE,
    PrivacyRefusal.ADDRESS_MISSING,
    PrivacyRefusal.TERM_TOO_SHORT,
}

patron_option = click.option("--patron", type=click.UUID, metavar="KEY", help="A patron's key, as reports give it.")
time_type = click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


def at_the_privacy_desk(command: Callable[..., None]) -> Callable[..., None]:
    """As ``at_the_registry``; what the privacy desk refuses, or a broken trail, ends the command with one line."""

    @wraps(command)
    def plainly(registry: Registry, **words: object) -> None:
        with _said_plainly(registry):
            command(registry, **words)

    return at_the_registry(plainly)


@contextmanager
def _said_plainly(registry: Registry) -> Iterator[None]:
    try:
        yield
    except PrivacyRefusedError as error:
        days = registry.privacy.keeping.shortest().days if PrivacyRefusal.TERM_TOO_SHORT in error.codes else None
        reasons = "; ".join(said(f"privacy.refused.{code}", days=days) for code in error.codes)
        refuse(reasons, USAGE if set(error.codes) <= _WRONG_WORDS else FAILED)
    except TrailBrokenError as error:
        refuse(broken_in_words(error))
    except (CheckpointFileError, KeyFileError) as error:
        refuse(error)


def broken_in_words(error: TrailBrokenError) -> str:
    """What a broken trail is said to be, and what to do."""
    broken = error.broken
    how = f"audit.break.{broken.how}"
    return f"{said('audit.verify.broken', seq=broken.seq, how=said(how))} {said('audit.verify.do')}"


def person_of(registry: Registry, number: str | None, *, national_id: bool, patron: PatronId | None = None, staff: str) -> PatronId:
    """Whom a card's number, a national ID that is asked for, or a key names: exactly one of the three."""
    if [number is not None, national_id, patron is not None].count(True) != 1:
        refuse(said("desk.which_card"), USAGE)
    if patron is not None:
        return patron
    return registry.privacy.person(question_of(number, national_id=national_id, name=False), by=staff)


def instant(written: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A moment as it was typed, in the library's time, as aware UTC."""
    return None if written is None else written.replace(tzinfo=zone).astimezone(UTC)


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Write a file; what the disk refuses ends the command with one line."""
    try:
        yield
    except OSError as error:
        refuse(said("privacy.file_unwritable", path=path, problem=error.strerror), USAGE)

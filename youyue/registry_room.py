"""The registry put together: the real clock and keys, the library it begins with."""

import secrets
from datetime import timedelta
from pathlib import Path

from registry.house import Registry
from registry.lending.store import Branch
from registry.outside import Outside
from registry.rosters.headings import RosterKind
from registry.rosters.policy import RosterPolicy
from registry.settings import RegistrySettings
from youyue import library
from youyue.clock import SystemClock, SystemKeys
from youyue.settings import RostersSection, Settings


def open_registry(folder: Path, settings: Settings, database: str = "") -> Registry:
    """Open the registry of a folder, or make one. ``database`` is the URL of a PostgreSQL database; else the rows are in the folder.

    The URL is never taken from the settings here: what is made anew at every run, such as the demo, must not find the real one.

    Raises:
        UnusableDatabaseError: the database can't be used; its kind says what must be done.
        KeyFileError: a key file is missing, damaged, another library's, or readable by others.
        OSError: the folder can't be used.

    """
    outside = Outside(now=SystemClock().now, new_id=SystemKeys().new_key, random_bytes=secrets.token_bytes)
    kept = settings.registry.audit_kept_days
    chosen = RegistrySettings(
        time_zone=settings.library.time_zone,
        dispute_window=timedelta(days=settings.registry.dispute_window_days),
        audit_kept=timedelta(days=kept) if kept else None,
        rosters=_rosters(settings.rosters),
    )
    return Registry.open(folder, outside, chosen, database)


def _rosters(section: RostersSection) -> RosterPolicy:
    at_once = {
        RosterKind.BUREAU_STUDENTS: section.students_at_once,
        RosterKind.SCHOOL_CONTACTS: section.contacts_at_once,
        RosterKind.REISSUES: section.reissues_at_once,
        RosterKind.LEAVINGS: section.leavings_at_once,
        RosterKind.LOSSES: section.losses_at_once,
    }
    return RosterPolicy(
        at_once=frozenset(kind for kind, allowed in at_once.items() if allowed),
        staged_kept=timedelta(days=section.staged_days),
        undo_kept=timedelta(days=section.undo_days),
        more_replacements=section.more_replacements_percent / 100,
        few_replacements=section.few_replacements,
        whole_school=section.whole_school_rows,
    )


def is_empty(registry: Registry) -> bool:
    """Whether the registry knows no branch yet."""
    return registry.counts()["branch"] == 0


def load_library(registry: Registry) -> int:
    """Load the branches, rules and opening days a library begins with; the number of branches.

    Raises:
        sqlalchemy.exc.IntegrityError: some are there already.

    """
    branches = library.branches()
    registry.add_branches((Branch(branch.code, branch.name, branch.district) for branch in branches), tell_feed=False)
    registry.add_rule_sets(library.rule_sets(), tell_feed=False)
    days = dict.fromkeys((branch.code for branch in branches), library.regular_days())
    registry.add_calendars(days, source=library.source_of_days(), changes=library.closures(), tell_feed=False)
    return len(branches)

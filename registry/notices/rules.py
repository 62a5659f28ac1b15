"""What patrons are told: kinds of notices. Pure. A notice names what it is about by a key, never by a title (Q3-3c)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from circulation.ids import BranchCode, PatronId
from registry.schools.contact_rule import ContactRoute, RouteKind


@unique
class NoticeKind(StrEnum):
    """What a patron is told of: stable codes. The sentences stand in the catalogue as ``holds.notice.<code>``."""

    HOLD_READY = "hold_ready"
    HOLD_NOT_COLLECTED = "hold_not_collected"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a patron is to be told by a branch. ``about`` is the key of what it is about."""

    id: UUID
    patron: PatronId
    kind: NoticeKind
    about: UUID
    branch: BranchCode
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ToTell:
    """A notice that nobody has told yet, with the way the patron is reached today and how much may be said there."""

    notice: Notice
    masked_name: str
    route: ContactRoute


@unique
class NoticeRefusal(StrEnum):
    """Why a notice is not marked as told: stable codes. The sentences stand in the catalogue as ``holds.notice.refused.<code>``."""

    NOT_WAITING = "not_waiting"
    """No such notice, or it was told, or what it was about is over."""
    ANOTHER_ROUTE = "another_route"
    """Before the record is complete only the school's phone leads to a pupil; afterwards never (Q3-3c)."""
    BRANCH_UNKNOWN = "branch_unknown"


class NoticeRefusedError(Exception):
    """It was refused, and nothing was changed."""

    def __init__(self, code: NoticeRefusal) -> None:
        super().__init__(code.value)
        self.code = code


def may_go(route: ContactRoute, by: RouteKind) -> bool:
    """Whether a notice may be told by this way: by the patron's route, or at the desk to the patron in person, which is always open."""
    return by in {route.kind, RouteKind.DESK}

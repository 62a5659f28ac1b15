"""What a ledger held in each of its lives, and how a life ends."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Engine, event

from kiosk.store.ledger import Ledger


class PowerCutError(BaseException):
    """The process ends here. No code of the product may catch it."""


class PowerSwitch:
    """Cuts the power at the so-manieth write of a ledger from now on; none: not at all. It sees what is written, too."""

    def __init__(self) -> None:
        self.cuts_in: int | None = None
        self._has_written = True

    def has_written(self) -> bool:
        """Whether facts or the epoch may have changed since this was asked last."""
        written, self._has_written = self._has_written, False
        return written

    def watch(self, engine: Engine) -> None:
        """Of the ledger that is open from now on."""
        self._has_written = True
        event.listen(engine, "before_cursor_execute", self._before_statement)
        event.listen(engine, "commit", self._before_commit)

    def _before_statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        writes = not statement.lstrip().upper().startswith(("SELECT", "PRAGMA"))
        self._has_written = self._has_written or (writes and ("outbox" in statement or "epoch" in statement))
        self._count(writes=writes)

    def _before_commit(self, _connection: Any) -> None:
        self._count(writes=True)

    def _count(self, *, writes: bool) -> None:
        if self.cuts_in is None or not writes:
            return
        self.cuts_in -= 1
        if self.cuts_in < 0:
            self.cuts_in = None
            raise PowerCutError


@dataclass
class Written:
    """A fact as the ledger held it when it was first seen there."""

    seq: int
    key: UUID
    body: bytes
    fact: dict[str, Any]


@dataclass
class Life:
    """One life of a ledger: what it held, and whether all of it may still be expected at the registry."""

    epoch: UUID
    facts: list[Written] = field(default_factory=list)
    ended: str = ""
    """Why no more can be expected of it: the disk is gone, an old image took its place, what was left went over into a new epoch."""


def newly_written(lives: list[Life], ledger: Ledger) -> list[Written]:
    """Keep what the ledger holds by now, in a new life when its epoch is another one, and return what is new."""
    device = ledger.device()
    if device.epoch != lives[-1].epoch:
        lives[-1].ended = "epoch"
        lives.append(Life(device.epoch))
    facts = lives[-1].facts
    before, last = len(facts), ledger.last_seq() - device.epoch_base
    known = facts[-1].seq if facts else 0
    while known < last:
        for body in ledger.bodies(device.epoch_base + known + 1, last - known):
            content = msgspec.json.decode(body)
            facts.append(Written(content["seq"], UUID(content["key"]), body, content["fact"]))
            known = content["seq"]
    return facts[before:]

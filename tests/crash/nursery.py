"""Lets a kiosk live and die, again and again: ``python -m tests.crash.nursery FOLDER TOWN KILLS [CONTROL]``.

Everything is imported once; each life is a fork of this process, which has one thread. It is killed with SIGKILL before its N-th call on a
file of the kiosk's folder; N goes up from life to life, and begins anew, between the last ones, when a life has fewer. After each death
the ledger is copied, and the real code opens the copy: what the screen had shown must be there (``tests.crash.kept``). Ends with 1 and a
line that says what is lost. TOWN is a file with cards and books; CONTROL is a way in which the kiosk is broken.
"""

import os
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog

from circulation.facts import CheckedOut
from kiosk.store.unit_of_work import UnitOfWork
from sync.identity import read_identity
from sync.memory import USUAL_MEMORY
from tests.crash.calls import Call, Watch, tell_of_calls
from tests.crash.kept import Kept, LostError
from tests.crash.life import PATIENCE, Life, Plan, Told

NEVER = 0
STRIDE = 7
MOST_RETURNS = 2
PUTS_BACK_EVERY = 3
EVERY_KIND = frozenset({"lent", "put_back", "returned"})
_EVERY = 250


class TownFile(msgspec.Struct, frozen=True):
    """Cards by their UIDs, books by barcode and item."""

    cards: tuple[str, ...]
    books: dict[str, str]


@dataclass
class Counts:
    """What was seen. ``at``: how many lives ended at each kind of call on each file."""

    lives: int = 0
    kills: int = 0
    facts: int = 0
    told: dict[str, int] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    most_calls: int = 0


@dataclass
class Death:
    """How a life ended: killed before which call (none: it came to its own end), of how many it made, and what it had told."""

    before: Call | None
    calls: int
    code: int
    told: list[Told]


class Nursery:
    """One kiosk's folder and its lives."""

    def __init__(self, folder: Path, town: TownFile, scratch: Path, control: str = "") -> None:
        self.counts = Counts()
        self._folder = folder
        self._town = town
        self._scratch = scratch
        self._control = CONTROLS[control]
        self._key = read_identity(folder).database_key
        self._kept = Kept()
        self._barcode_of = {item: barcode for barcode, item in town.books.items()}
        self._look([])  # what an earlier run left

    def lives(self, kills: int) -> None:
        """Until so many were killed, and everything that a screen can show as done was shown: what was never shown proves nothing.

        Raises:
            LostError: a ledger has lost something.

        """
        began, nth = time.monotonic(), 1
        while self.counts.kills < kills or not self.counts.told.keys() >= EVERY_KIND:
            nth = nth + STRIDE if self.one(nth) else nth % STRIDE + 1
            if self.counts.lives % _EVERY == 0:
                print(f"{self.counts.kills} kills in {self.counts.lives} lives and {time.monotonic() - began:.0f} s", flush=True)

    def settle(self) -> None:
        """A last life, which nobody ends before the registry has answered everything.

        Raises:
            LostError: as ever.

        """
        self._look(self._live(Plan(), NEVER).told)

    def one(self, nth: int) -> bool:
        """One life, killed before its n-th call on the folder; whether it had so many."""
        number = self.counts.lives
        books = list(self._town.books)
        owed = list(dict.fromkeys(self._kept.lent.values()))
        plan = Plan(
            card=self._town.cards[number % len(self._town.cards)],
            book=books[number % len(books)],
            returns=tuple(owed[:MOST_RETURNS]),
            puts_back=number % PUTS_BACK_EVERY == 0,
        )
        death = self._live(plan, nth)
        self.counts.lives += 1
        for one in death.told:
            _count(self.counts.told, one.kind)
        self.counts.most_calls = max(self.counts.most_calls, death.calls)
        if death.before is not None:
            self.counts.kills += 1
            _count(self.counts.at, f"{death.before.name} {_kind_of(death.before.file)}")
        elif death.code != 0:
            message = f"life {number} ended by itself with {death.code}"
            raise LostError(message)
        try:
            self._look(death.told)
        except LostError as error:
            message = f"life {number}, killed before its call {nth} ({death.before}): {error}"
            raise LostError(message) from None
        return death.before is not None

    def _look(self, told: list[Told]) -> None:
        self.counts.facts += self._kept.look(self._folder, self._scratch, self._key, told, lambda item: self._barcode_of.get(str(item), ""))

    def _live(self, plan: Plan, nth: int) -> Death:
        reading, telling = os.pipe()
        here, there = socket.socketpair()
        child = os.fork()
        if child == 0:
            os.close(reading)
            here.close()
            self._be_born(plan, there, telling)
        os.close(telling)
        there.close()
        _, (handle, *_), _, _ = socket.recv_fds(here, 1, 1)
        here.close()
        watch, seen = Watch(handle, self._folder), _Counting(child, nth)
        try:
            if not watch.follow(before=seen.before, patience=PATIENCE):
                os.kill(child, signal.SIGKILL)
        finally:
            watch.close()
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as lines:
            told = [msgspec.json.decode(line, type=Told) for line in lines]
        return Death(seen.last, seen.calls, os.waitstatus_to_exitcode(status), told)

    def _be_born(self, plan: Plan, there: socket.socket, telling: int) -> None:
        """In the new process; never returns."""
        code = 1
        try:
            handle = tell_of_calls()
            socket.send_fds(there, [b"."], [handle])
            os.close(handle)
            there.close()
            life = Life(self._folder, telling)
            self._control(life, telling)
            life.live(plan)
            code = 0
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)


@dataclass
class _Counting:
    child: int
    nth: int
    calls: int = 0
    last: Call | None = None

    def before(self, call: Call) -> None:
        self.calls += 1
        if self.calls == self.nth:
            self.last = call
            os.kill(self.child, signal.SIGKILL)


def _sound(_life: Life, _tell: int) -> None:
    """The kiosk as it is."""


def _shown_before_commit(_life: Life, tell: int) -> None:
    """The screen says "done" when the fact is written, before it is committed."""
    append = UnitOfWork.append

    def told_at_once(self: UnitOfWork, envelope: object) -> None:
        append(self, envelope)  # type: ignore[arg-type]  # as the core gives it
        fact = getattr(envelope, "fact", None)
        if isinstance(fact, CheckedOut):
            os.write(tell, msgspec.json.encode(Told("lent", "", str(fact.loan))) + b"\n")

    UnitOfWork.append = told_at_once  # type: ignore[method-assign]  # that is what is broken


def _without_a_log(life: Life, _tell: int) -> None:
    """The ledger's pages are written in place, with no log to go back by."""
    connection = life._machine._thread._core._ledger._connection
    for mode in ("DELETE", "OFF"):
        connection.exec_driver_sql(f"PRAGMA journal_mode={mode}").close()


CONTROLS: dict[str, Callable[[Life, int], None]] = {
    "": _sound,
    "shown_before_commit": _shown_before_commit,
    "without_a_log": _without_a_log,
}


def _count(counts: dict[str, int], what: str) -> None:
    counts[what] = counts.get(what, 0) + 1


def _kind_of(file: str) -> str:
    """A file's name without its number."""
    return "".join("N" if one.isdigit() else one for one in file)


def main(folder: str, town: str, kills: str, control: str = "") -> int:
    """Live, and say what was seen."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[lambda *_: ""])
    cast = msgspec.json.decode(Path(town).read_bytes(), type=TownFile)
    with tempfile.TemporaryDirectory(prefix="yy", dir=USUAL_MEMORY) as memory:
        nursery = Nursery(Path(folder), cast, Path(memory) / "found", control)
        try:
            nursery.lives(int(kills))
            nursery.settle()
        except LostError as error:
            print(f"lost: {error}", flush=True)
            return 1
        finally:
            print(msgspec.json.encode(nursery.counts).decode(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

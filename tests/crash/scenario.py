"""A kiosk's day as a program: the real core over the real encrypted files; after each act it says what was shown as done.

``python -m tests.crash.scenario FOLDER ACTS SEED [SYNCHRONOUS]``. What it writes to ``shown`` beside the folder:
one line of JSON an act. It is the program under strace, so it has one thread and the folder is its own.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from random import Random

import msgspec
import structlog
from sqlalchemy import create_engine, text

from kiosk.events import LossChosen, LossConfirmed, LostCardChosen, PutBackChosen, SnapshotFetched
from kiosk.store.ledger import Ledger
from replica.encrypted import encrypt_into
from replica.tables import ReplicaTable
from tests.builders import a_patron, an_item
from tests.crash.recording import MARKS
from tests.integration.kiosk.loss_values import KINDS
from tests.kiosk_world import LIN, REPLICA_KEY, WANG, WANGS_IPASS, a_change, a_kiosk, item_row, library_rows
from tests.replica_world import fill_replica

BOOKS = 400
MOST_LENT = 3
_OVERLAY = (
    "SELECT 1, lower(hex(id)), lower(hex(item)), due, put_back, renewals, returned, last_seq FROM local_loan"
    " UNION ALL SELECT 2, lower(hex(card)), lower(hex(patron)), '', 0, 0, 0, last_seq FROM local_loss ORDER BY 1, 2"
)


class Shown(msgspec.Struct, frozen=True):
    """What an act left: the last fact, the effects beside it, the replica in use and its cursor.

    ``overlay`` is empty once the registry has answered: from then on effects go without a fact.
    """

    seq: int
    keys: list[str]
    overlay: str
    version: int
    cursor: int


def overlay_of(ledger: Ledger) -> str:
    """The effects of the facts in a ledger, in short."""
    rows = ledger._connection.execute(text(_OVERLAY)).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:16]


class Day:
    """The acts of a day, drawn by chance from a seed."""

    def __init__(self, folder: Path, synchronous: str, marks: int) -> None:
        me = a_patron(masked_name="王○○")
        books = [an_item(barcode=f"B{number}", title=f"第{number}本") for number in range(BOOKS)]
        cards = {WANG: me, WANGS_IPASS: me, LIN: a_patron()}
        self.world = a_kiosk(folder, cards=cards, items=books, kinds=KINDS)
        self.rows = list(library_rows(cards, items=books, kinds=KINDS))
        self.synchronous = synchronous
        self.marks = marks
        self.told = 0
        self.answered = False
        self.lent: list[str] = []
        self.left = [f"B{number}" for number in range(BOOKS)]
        self.settle()

    def settle(self) -> None:
        """The control weakens what the ledger promises; else it stays as the program has it."""
        if self.synchronous:
            self.world.ledger._connection.execute(text(f"PRAGMA synchronous={self.synchronous}"))

    def tell(self) -> None:
        """Say what is done by now: exactly what the screen has shown."""
        world, last = self.world, self.world.ledger.last_seq()
        keys = [msgspec.json.decode(body)["key"] for body in world.ledger.bodies(self.told + 1, 1000)]
        state = world.core._feed.in_use
        assert state is not None
        overlay = "" if self.answered else overlay_of(world.ledger)
        self.told = last
        os.write(self.marks, msgspec.json.encode(Shown(last, keys, overlay, state.state.version, state.state.cursor)))

    def leave(self) -> None:
        """Say goodbye, and let the screen go back to its beginning; the registry is there."""
        self.world.finish()
        self.world.wait(60)
        self.world.receive()

    def lend(self) -> None:
        if len(self.lent) == MOST_LENT:
            self.give_back()
        barcode = self.left.pop()
        self.world.tap(LIN)
        self.world.scan(barcode)
        assert self.world.line.loan is not None
        self.lent.append(barcode)
        self.tell()
        self.leave()

    def lend_and_put_back(self) -> None:
        self.world.tap(LIN)
        self.world.scan(self.left.pop())
        loan = self.world.line.loan
        assert loan is not None
        self.tell()
        self.world.say(PutBackChosen(loan))
        self.tell()
        self.leave()

    def give_back(self) -> None:
        if self.lent:
            self.world.give_back(self.lent.pop(0))
            self.tell()
            self.leave()

    def report_lost(self) -> None:
        self.world.tap(WANG)
        self.world.say(LossChosen(), LostCardChosen(1), LossConfirmed())
        self.tell()
        self.leave()

    def take_snapshot(self) -> None:
        """As the fetcher makes it: plain in memory, encrypted into the folder, then the core takes it over."""
        version = self.world.core._snapshot_version + 2
        with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
            plain = Path(memory, "plain.db")
            engine = create_engine(f"sqlite:///{plain}")
            with engine.connect() as connection:
                fill_replica(connection, self.rows, cursor=self.world.cursor, version=version, verified_at=self.world.clock.now())
            engine.dispose()
            target = self.world.files.next_path()
            encrypt_into(plain, target, REPLICA_KEY)
        self.world.say(SnapshotFetched(target))
        self.tell()

    def start_again(self) -> None:
        self.world.restart()
        self.settle()
        self.world.receive()
        self.tell()

    def hear_answers(self) -> None:
        self.answered = True
        self.tell()
        self.world.answer()
        self.tell()

    def hear_changes(self) -> None:
        """News of the registry, which the replica writes and which lets answered effects go."""
        self.world.receive(a_change(self.world.cursor + 1, ReplicaTable.ITEM, item_row(an_item(barcode=f"N{self.world.cursor}"))))
        self.tell()

    def play(self, acts: int, random: Random) -> None:
        """So many acts; the registry answers in the last third only."""
        usual = [self.lend, self.lend, self.lend, self.give_back, self.lend_and_put_back, self.hear_changes]
        self.tell()
        for number in range(acts):
            match number % 20:
                case 5:
                    self.take_snapshot()
                case 9 if number < acts * 2 / 3:
                    self.report_lost()
                case 13:
                    self.start_again()
                case _ if number >= acts * 2 / 3 and number % 2:
                    self.hear_answers()
                case _:
                    random.choice(usual)()
        self.world.core.close()


def main(folder: str, acts: str, seed: str, synchronous: str = "") -> None:
    """Play a day."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[lambda *_: ""])
    marks = os.open(Path(folder).parent / MARKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    Day(Path(folder), synchronous, marks).play(int(acts), Random(int(seed)))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The patron's own screen: who, how many, what is late, what stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from circulation.blocks import Block
from kiosk.view import Account
from ui.plain import plain
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_LONGEST_NAME = 12
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stops this patron: the good news first when there is a date, why, what to do."""

    title: Phrase
    why: Phrase
    do: Phrase

    def for_qml(self) -> dict[str, PhraseMap]:
        """As a map for QML."""
        return {"title": self.title.for_qml(), "why": self.why.for_qml(), "do": self.do.for_qml()}


@dataclass(frozen=True, slots=True)
class HomeShown:
    """What Home says."""

    hello: Phrase = SILENT
    on_loan: int = 0
    limit: int = 0
    of_limit: Phrase = SILENT
    hint: Phrase = SILENT
    overdue: int = 0
    due_soon: int = 0
    due_soon_note: Phrase = SILENT
    obstacles: tuple[Obstacle, ...] = ()
    contact_complete: bool = True
    holds_ready: int = 0
    holds_ready_note: Phrase = SILENT
    holds_waiting: int = 0
    animal: str = ""
    may_choose: bool = False


NOBODY = HomeShown()


def home_shown(account: Account, speech: Speech, *, scanner: bool) -> HomeShown:
    """Put an account into words. ``scanner``: whether a book can be scanned."""
    due = account.next_due
    return HomeShown(
        hello=_hello(account, speech),
        on_loan=account.on_loan,
        limit=account.limit,
        of_limit=speech.phrase(_of_limit(account), limit=account.limit, left=account.left),
        hint=speech.phrase(_hint(account, scanner=scanner)),
        overdue=account.overdue,
        due_soon=account.due_soon,
        due_soon_note=SILENT if due is None else speech.dated("home.due_soon.date", due),
        obstacles=tuple(_obstacles(account, speech)),
        contact_complete=account.contact_complete,
        holds_ready=account.holds_ready,
        holds_ready_note=_where_ready(account, speech),
        holds_waiting=account.holds_waiting,
        animal=account.animal.value if account.animal else "",
        may_choose=bool(account.masked_name),
    )


def _hint(account: Account, *, scanner: bool) -> str:
    """That a scan is enough, or why it is not and what helps."""
    if not scanner:
        return "borrow.no_scanner.do"
    if account.left > 0:
        return "home.borrow.hint"
    return "borrow.full.do" if account.is_full else "borrow.paused.do"


def _hello(account: Account, speech: Speech) -> Phrase:
    """While a class is here nobody is called by a name."""
    name = plain(account.masked_name, longest=_LONGEST_NAME)
    return speech.phrase("home.hello", name=name) if name else speech.phrase("home.hello.class")


def _where_ready(account: Account, speech: Speech) -> Phrase:
    """Where the holds that are ready are to be collected: here, elsewhere, or some of each."""
    here, elsewhere = account.holds_ready_here, account.holds_ready - account.holds_ready_here
    if here and elsewhere:
        return speech.phrase("home.holds_ready.both", here=here, elsewhere=elsewhere)
    return speech.phrase("home.holds_ready.here" if here else "home.holds_ready.elsewhere")


def _of_limit(account: Account) -> str:
    if account.left > 0:
        return "home.of_limit"
    return "home.of_limit.full" if account.is_full else "home.of_limit.paused"


def _obstacles(account: Account, speech: Speech) -> Iterator[Obstacle]:
    if account.expired:
        yield Obstacle(speech.phrase("home.expired"), SILENT, speech.phrase("home.expired.do"))
    yield from (_obstacle(block, speech) for block in dict.fromkeys(account.blocks))


def _obstacle(block: Block, speech: Speech) -> Obstacle:
    why, do = speech.phrase(f"block.{block.code.value}"), speech.phrase(f"block.{block.code.value}.do")
    if block.until is None:
        return Obstacle(why, SILENT, do)
    return Obstacle(speech.dated("block.again_from", block.until + _A_DAY), why, do)


@QmlElement
class HomeViewModel(QObject):
    """Home, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = NOBODY

    def show(self, shown: HomeShown) -> None:
        """Take over what is to be shown; ``NOBODY`` forgets the patron."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def hello(self) -> PhraseMap:
        """The greeting with the masked name."""
        return self._shown.hello.for_qml()

    @Property(int, notify=changed)
    def on_loan(self) -> int:
        """Items on loan."""
        return self._shown.on_loan

    @Property(int, notify=changed)
    def limit(self) -> int:
        """Ordinary items allowed at once."""
        return self._shown.limit

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def of_limit(self) -> PhraseMap:
        """The limit and what is left of it."""
        return self._shown.of_limit.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def hint(self) -> PhraseMap:
        """That a scan is enough to borrow, or what helps when it is not."""
        return self._shown.hint.for_qml()

    @Property(int, notify=changed)
    def overdue(self) -> int:
        """Items past their due date."""
        return self._shown.overdue

    @Property(int, notify=changed)
    def due_soon(self) -> int:
        """Items due within days."""
        return self._shown.due_soon

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def due_soon_note(self) -> PhraseMap:
        """The next due date."""
        return self._shown.due_soon_note.for_qml()

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def obstacles(self) -> list[dict[str, PhraseMap]]:
        """All that stands in the way: maps with ``title``, ``why`` and ``do``."""
        return [obstacle.for_qml() for obstacle in self._shown.obstacles]

    @Property(bool, notify=changed)
    def may_borrow(self) -> bool:
        """Whether nothing stands in the way."""
        return not self._shown.obstacles

    @Property(bool, notify=changed)
    def contact_complete(self) -> bool:
        """Whether the library can reach this patron itself (Q3-3c)."""
        return self._shown.contact_complete

    @Property(int, notify=changed)
    def holds_ready(self) -> int:
        """Holds that can be collected, at any branch."""
        return self._shown.holds_ready

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def holds_ready_note(self) -> PhraseMap:
        """Where they are to be collected."""
        return self._shown.holds_ready_note.for_qml()

    @Property(int, notify=changed)
    def holds_waiting(self) -> int:
        """Holds that are not here yet."""
        return self._shown.holds_waiting

    @Property(str, notify=changed)
    def animal(self) -> str:
        """The patron's animal, by the name of its picture; empty before one is chosen."""
        return self._shown.animal

    @Property(bool, notify=changed)
    def may_choose(self) -> bool:
        """Whether an animal can be chosen: not while a class waits."""
        return self._shown.may_choose

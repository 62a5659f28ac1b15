"""The registry commits and its answer does not come: never, or cut at any byte. Each fact is there once, and the kiosk comes to rest."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import pytest

from circulation.facts import Fact, FactEnvelope
from circulation.wire import PushBatch
from sync.memory import USUAL_MEMORY
from tests.answer_proxy import drop, let_through
from tests.integration.day.looks import registry_look
from tests.integration.day.one_kiosk import BRANCH, DayBehindAProxy, assert_all_is_told_once
from tests.integration.registry.homes import ENGINES, PostgresHomes, SqliteHomes

ROUNDS = 6


@pytest.fixture(params=ENGINES)
def day(request: pytest.FixtureRequest) -> Iterator[DayBehindAProxy]:
    folder = Path(mkdtemp(dir=USUAL_MEMORY))
    homes = SqliteHomes() if request.param == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))
    with ExitStack() as service:
        service.callback(shutil.rmtree, folder)
        home = homes.empty(folder / "home")
        yield DayBehindAProxy(home, folder, service)


def kinds_in(batches: list[bytes]) -> set[str]:
    """The kinds of facts that were in these batches."""
    facts = (
        msgspec.json.decode(fact, type=FactEnvelope).fact for sent in batches for fact in msgspec.json.decode(sent, type=PushBatch).facts
    )
    return {str(type(fact).__struct_config__.tag) for fact in facts}


EVERY_KIND = {str(kind.__struct_config__.tag) for kind in Fact.__args__}


def test_a_day_whose_every_answer_is_dropped_is_at_the_registry_once_and_settles_when_answers_pass(day: DayBehindAProxy) -> None:
    day.proxy.fate = drop
    for number in range(ROUNDS):
        day.everything(number)
        day.restart()  # what is under way stays the same until it is answered: after a start it is all that waits
        day.proxy.wait_for_cuts(len(day.proxy.cut) + 2)
    told = day.tally.facts[BRANCH]
    assert day.place.ledger.unanswered() == told > 40
    assert len(set(day.proxy.cut)) >= ROUNDS
    assert registry_look(day.registry)("SELECT count(*), count(DISTINCT fact_key) FROM fact") == [(told, told)]
    day.proxy.fate = let_through
    day.settle()
    assert_all_is_told_once(day, told)

    # The ledger of now comes back after one more round: its kiosk learns of it by answers that are dropped, too.
    day.place.stop()
    image = (day.folder / "ledger.db").read_bytes()
    day.place = day.begin()
    day.everything(ROUNDS)
    day.settle()
    day.place.stop()
    (day.folder / "ledger.db").write_bytes(image)
    day.proxy.fate = drop
    seen = len(day.proxy.cut)
    day.place = day.begin()
    day.proxy.wait_for_cuts(seen + 2)
    day.proxy.fate = let_through
    day.place.wait_until(lambda: day.place.ledger.device().restored_at is not None, "the new epoch")
    day.settle()
    told = day.tally.facts[BRANCH] + 1
    assert_all_is_told_once(day, told)
    assert kinds_in(day.proxy.cut) == EVERY_KIND - {"ledger_restored"}


def test_an_answer_that_is_cut_after_any_of_its_bytes_is_no_answer_and_the_facts_are_there_once(day: DayBehindAProxy) -> None:
    lengths: dict[bytes, list[int]] = {}

    def one_byte_more(sent: bytes, answer: bytes) -> int | None:
        so_far = lengths.setdefault(sent, [])
        so_far.append(len(answer))
        return len(so_far) - 1 if len(so_far) <= len(answer) else None

    day.proxy.fate = drop
    day.everything(0)
    day.restart()
    day.proxy.wait_for_cuts(len(day.proxy.cut) + 2)
    day.proxy.fate = one_byte_more
    day.settle()
    (tries,) = [tries for tries in lengths.values() if len(tries) > 1]
    assert tries == [tries[0]] * (tries[0] + 1)
    assert len(tries) > 500
    assert_all_is_told_once(day, day.tally.facts[BRANCH])

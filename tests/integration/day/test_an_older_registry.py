"""A kiosk of today at a registry of before: what that does not say is not missed, and a day there is told whole."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from socket import socket
from tempfile import mkdtemp

import msgspec
import pytest

from registry.kiosks.covers import StatedCover
from sync.memory import USUAL_MEMORY
from tests.answer_proxy import AnswerProxy, let_through
from tests.integration.day.one_kiosk import BRANCH, DayBehindAProxy, assert_all_is_told_once
from tests.integration.registry.homes import SqliteHomes

GOLDEN = Path("tests/golden/wire/v1")
FIRST_WORDS = {"/v1/facts": "push_answer.json", "/v1/changes": "changes_page.json"}
"""The answers of the first program, as its golden bytes hold them."""


class OlderRegistry(AnswerProxy):
    """The registry without what it has learnt to say since version 1 began: answers have the fields of the first golden bytes only."""

    def __init__(self, port: int) -> None:
        super().__init__(port, let_through)
        self.left_out: Counter[str] = Counter()

    def answer_of(self, head: bytes, body: bytes, registry: socket) -> bytes:
        answer = super().answer_of(head, body, registry)
        path = head.split(b" ", 2)[1].partition(b"?")[0].decode()
        if path not in FIRST_WORDS or not answer.startswith(b"HTTP/1.1 200 "):
            return answer
        known = msgspec.json.decode((GOLDEN / FIRST_WORDS[path]).read_bytes(), type=dict[str, object])
        said_head, _, said = answer.partition(b"\r\n\r\n")
        words = msgspec.json.decode(said, type=dict[str, msgspec.Raw])
        self.left_out.update(words.keys() - known.keys())
        before = msgspec.json.encode({name: value for name, value in words.items() if name in known})
        return re.sub(rb"(?i)(content-length: )\d+", rb"\g<1>%d" % len(before), said_head) + b"\r\n\r\n" + before


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[DayBehindAProxy]:
    monkeypatch.setattr(StatedCover, "read", lambda *_stated: None)  # it passes over what it is asked besides
    folder = Path(mkdtemp(dir=USUAL_MEMORY))
    with ExitStack() as service:
        service.callback(shutil.rmtree, folder)
        yield DayBehindAProxy(SqliteHomes().empty(folder / "home"), folder, service, between=OlderRegistry)


def test_a_day_at_a_registry_that_says_less_is_told_whole(day: DayBehindAProxy) -> None:
    for number in range(2):
        day.everything(number)
        day.settle()
        day.restart()
    assert_all_is_told_once(day, day.tally.facts[BRANCH])
    assert isinstance(day.proxy, OlderRegistry)
    assert day.proxy.left_out.keys() == {"feed", "witness"}

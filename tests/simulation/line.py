"""The network of a world, in place of sockets: what a client sends is heard, lost, heard twice, heard late, or its answer is lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec
import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from tests.simulation.house import Answered, House
from tests.simulation.paces import Pace
from tests.simulation.polling import USUAL, Rhythm
from tests.simulation.times import Scheduler


@dataclass
class Chances:
    """How often each fault happens, of all requests."""

    drop: float = 0.0
    lost_answer: float = 0.0
    duplicate: float = 0.0
    late: float = 0.0
    stale: float = 0.0
    """An old answer to the same question comes again, as from a proxy that keeps them."""
    foreign: float = 0.0
    """The answer to another kiosk of the branch, whose question began further on, as from a proxy that mixes them up."""
    cut: float = 0.0


@dataclass
class Net:
    """The network between all kiosks and the registry."""

    house: House
    scheduler: Scheduler
    chance: Random
    counts: Counter[str]
    rhythm: Rhythm = USUAL
    chances: Chances = field(default_factory=Chances)
    when_moved: Callable[[], None] = lambda: None
    reused: int = 0
    pages: dict[str, Answered] = field(default_factory=dict)
    """The last page with changes that a kiosk of each branch was given."""
    first_snapshots: dict[str, dict[str, Answered]] = field(default_factory=dict)
    """By branch and address: a snapshot from before any that a kiosk has taken, and from before covers: that hides no other mistake."""
    happened: dict[UUID, datetime] = field(default_factory=dict)
    """When each fact was written, by the world's own time."""
    in_time: set[UUID] = field(default_factory=set)
    """Loans that came back in time while a clock said otherwise."""
    down: bool = False
    """The registry is not there for anybody."""

    def deliver(self, prepared: PreparedRequest) -> Answered:
        """A request reaches the registry."""
        self.counts["requests"] += 1
        changing = prepared.method == "POST"
        before = self.house.head() if changing else None
        answered = self.house.request(prepared)
        self.counts[f"status {answered.status}"] += 1
        if answered.status == requests.codes.unprocessable_entity:
            self.reused += 1
        if changing and self.house.head() != before:
            self.when_moved()
        return answered

    def again(self, prepared: PreparedRequest) -> None:
        """A copy of a request arrives some time later: nobody hears the answer."""
        self.scheduler.after(self.chance.uniform(1, 280), lambda: _unheard(self.deliver(prepared)))


def _unheard(_answered: Answered) -> None:
    """Nobody is there any more."""


class FaultyLine(HTTPAdapter):
    """Mounted in the real client's session in place of the adapter with the sockets. ``up``: whether there is a network at all.

    ``uploads``: whether facts come through it; everything else does.
    """

    def __init__(self, net: Net, branch: str = "") -> None:
        super().__init__()
        self._net = net
        self._branch = branch
        self.up = True
        self.uploads = True
        self._old_page: Answered | None = None
        self.pace = Pace()
        self.proxy: dict[str, Answered] | None = None
        """Whatever else is asked for, this is all that answers; none: there is no proxy."""
        self.proxied = 0

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        net = self._net
        self.pace.asks(request, net.scheduler.seconds)
        if self.proxy is not None:
            return self._by_proxy(self.proxy, request)
        if not self.up or net.down or (not self.uploads and "/v1/facts" in (request.url or "")):
            raise requests.ConnectionError
        dice = net.chance.random()
        for fault in ("drop", "lost_answer", "duplicate", "late", "cut", "stale", "foreign"):
            dice -= getattr(net.chances, fault)
            if dice < 0:
                return self._faulty(fault, request)
        if "/v1/snapshots/" in request.path_url and self._branch not in net.first_snapshots:
            net.first_snapshots[self._branch] = net.house.bare_snapshot(self._branch)
        answered = net.deliver(request)
        if "/v1/changes" in (request.url or "") and answered.status == requests.codes.ok and b'"changes":[{' in answered.body:
            self._old_page = self._net.pages[self._branch] = answered
        return self._response(request, answered)

    def _faulty(self, fault: str, request: PreparedRequest) -> Response:
        net = self._net
        if fault not in {"cut", "stale", "foreign"}:
            net.counts[fault] += 1
        match fault:
            case "drop":
                raise requests.ConnectionError
            case "lost_answer":
                net.deliver(request)
                raise requests.ConnectionError
            case "late":
                net.again(request.copy())
                raise requests.ReadTimeout
            case "duplicate":
                net.again(request.copy())
                return self._response(request, net.deliver(request))
            case "stale" if self._old_page is not None and "/v1/changes" in (request.url or ""):
                net.counts[fault] += 1
                return self._response(request, self._old_page)
            case "foreign" if self._begins_beyond(request, page := net.pages.get(self._branch)) and page is not None:
                net.counts[fault] += 1
                return self._response(request, page)
            case _:
                answered = net.deliver(request)
                if fault == "cut" and len(answered.body) > 1:
                    net.counts[fault] += 1
                    answered = Answered(answered.status, answered.headers, answered.body[: len(answered.body) // 2])
                return self._response(request, answered)

    def _by_proxy(self, kept: dict[str, Answered], request: PreparedRequest) -> Response:
        address = str(urlsplit(request.url or "").path)
        if address not in kept:
            raise requests.ConnectionError
        self.proxied += 1
        return self._response(request, kept[address])

    @staticmethod
    def _begins_beyond(request: PreparedRequest, page: Answered | None) -> bool:
        """Whether a page begins behind where a poll asks from."""
        asked = parse_qs(urlsplit(request.url or "").query).get("after")
        return page is not None and asked is not None and int(msgspec.json.decode(page.body)["start"]) > int(asked[0])

    def _response(self, request: PreparedRequest, answered: Answered) -> Response:
        raw = HTTPResponse(
            body=BytesIO(answered.body),
            headers=answered.headers,
            status=answered.status,
            preload_content=False,
            enforce_content_length=True,
        )
        return self.build_response(request, raw)

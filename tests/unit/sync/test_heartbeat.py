"""The kiosk's word of itself: told at once, again every few minutes, and with patience while nobody hears it."""

from datetime import UTC, datetime
from random import Random

from circulation.wire import HealthReport, Problem
from kiosk.events import RightsTaken
from sync.errors import RegistryOlderError, RegistryUnreachableError, SyncError
from sync.heartbeat import EVERY_SECONDS, OLDER_SECONDS, Heartbeat
from sync.plan import PULL_PACE

REPORT = HealthReport(at=datetime(2026, 3, 11, tzinfo=UTC), version="0.1.0", devices=())


class Registry:
    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.heard: list[HealthReport] = []

    def report_health(self, report: HealthReport) -> None:
        if self.failures:
            self.failures -= 1
            message = "no route"
            raise RegistryUnreachableError(message)
        self.heard.append(report)


def test_a_report_is_told_again_after_some_minutes() -> None:
    registry = Registry()
    turn = Heartbeat(registry, random=Random(1)).turn(REPORT)
    assert registry.heard == [REPORT]
    assert (turn.events, turn.done, turn.pause) == ((), False, EVERY_SECONDS)


def test_a_report_that_nobody_hears_is_tried_again_and_told_to_nobody() -> None:
    heartbeat = Heartbeat(Registry(2), random=Random(1))
    first, second, third = (heartbeat.turn(REPORT) for _ in range(3))
    for turn in (first, second):
        assert (turn.events, turn.done) == ((), False)
        assert 0 <= turn.pause <= PULL_PACE.cap
    assert third.pause == EVERY_SECONDS


def test_a_kiosk_whose_rights_were_taken_tells_nothing_more() -> None:
    def heed(error: SyncError) -> bool:
        return isinstance(error, RegistryUnreachableError)

    turn = Heartbeat(Registry(1), random=Random(1), revoked=heed).turn(REPORT)
    assert (turn.events, turn.done) == ((RightsTaken(),), True)


def test_a_registry_that_knows_no_reports_is_older_and_is_told_again_in_an_hour() -> None:
    class Older:
        def report_health(self, report: HealthReport) -> None:
            raise RegistryOlderError(404, Problem(code="not_found", problem=f"nothing here for {report.version}"))

    turn = Heartbeat(Older(), random=Random(1)).turn(REPORT)
    assert (turn.events, turn.done, turn.pause) == ((), False, OLDER_SECONDS)

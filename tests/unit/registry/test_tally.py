"""Refusals of strangers: counted, and written once a minute for each kind."""

from datetime import UTC, datetime, timedelta

from registry.audit.tally import RefusalTally

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def test_the_first_refusal_is_written_at_once_and_those_of_its_minute_together() -> None:
    tally = RefusalTally()
    (first,) = tally.count("request", "/v1/facts", "signature_missing", at=NOW)
    assert (first.actor, first.action, first.outcome) == ("anyone", "request", "refused")
    assert first.detail == {"path": "/v1/facts", "code": "signature_missing", "count": 1}
    for seconds in range(1, 60):
        assert tally.count("request", "/v1/facts", "signature_missing", at=NOW + timedelta(seconds=seconds)) == []
    (later,) = tally.count("request", "/v1/facts", "signature_missing", at=NOW + timedelta(seconds=60))
    assert (later.at, later.detail["count"]) == (NOW + timedelta(seconds=60), 60)


def test_every_code_and_path_is_counted_by_itself() -> None:
    tally = RefusalTally()
    for path, code in (("/a", "x"), ("/a", "y"), ("/b", "x")):
        (entry,) = tally.count("request", path, code, at=NOW)
        assert (entry.detail["path"], entry.detail["code"]) == (path, code)


def test_what_was_counted_is_due_after_a_minute_without_another_refusal() -> None:
    tally = RefusalTally()
    for _ in range(3):
        tally.count("request", "/a", "x", at=NOW)
    assert tally.due(at=NOW + timedelta(seconds=59)) == []
    (entry,) = tally.due(at=NOW + timedelta(minutes=1))
    assert entry.detail["count"] == 2
    assert tally.due(at=NOW + timedelta(minutes=5)) == []
    assert tally.count("request", "/a", "x", at=NOW + timedelta(minutes=5)) != []


def test_at_the_end_everything_is_due() -> None:
    tally = RefusalTally()
    for _ in range(3):
        tally.count("request", "/a", "x", at=NOW)
    assert [entry.detail["count"] for entry in tally.rest(at=NOW)] == [2]
    assert tally.rest(at=NOW) == []


def test_what_could_not_be_written_is_counted_again() -> None:
    tally = RefusalTally()
    tally.put_back(tally.count("request", "/a", "x", at=NOW))
    (entry,) = tally.count("request", "/a", "x", at=NOW + timedelta(minutes=1))
    assert entry.detail["count"] == 2


def test_a_clock_that_was_set_back_holds_nothing_back() -> None:
    tally = RefusalTally()
    tally.count("request", "/a", "x", at=NOW)
    (entry,) = tally.count("request", "/a", "x", at=NOW - timedelta(days=1))
    assert entry.detail["count"] == 1

"""The doctor's report: for people a table in their language, for scripts JSON."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from texts.catalogue import Catalogue
from texts.device_words import device_word, fault_word, repair_word
from youyue.doctor.findings import Finding, Level, worst

_MARKS = {Level.OK: "ok", Level.WARNING: "warning", Level.FAILED: "failed"}


def lines(findings: Sequence[Finding], catalogue: Catalogue, *, zone: tzinfo) -> Iterator[str]:
    """The table: one line a finding; under what is not well, since when and what to do; a summary at the end."""
    marks = {level: catalogue.say(f"doctor.level.{mark}") for level, mark in _MARKS.items()}
    titles = {finding.check: catalogue.say(f"doctor.check.{finding.check}") for finding in findings}
    mark_width = max(map(_width, marks.values()))
    title_width = max(map(_width, titles.values()), default=0)
    under = " " * (mark_width + title_width + 4)
    for finding in findings:
        yield f"{_padded(marks[finding.level], mark_width)}  {_padded(titles[finding.check], title_width)}  {what(finding, catalogue, zone)}"
        if finding.level is not Level.OK:
            since = catalogue.say("doctor.since_unknown") if finding.since is None else _instant(finding.since, zone)
            yield f"{under}{catalogue.say('doctor.since', since=since)}"
            yield f"{under}{catalogue.say('doctor.do', do=remedy(finding, catalogue, zone))}"
    counts = {str(level): sum(finding.level is level for finding in findings) for level in Level}
    yield catalogue.say("doctor.summary", **counts)


def document(findings: Sequence[Finding], catalogue: Catalogue, *, place: str, at: datetime, zone: tzinfo) -> str:
    """JSON: ``place``, ``at``, ``level``, and of every finding its check, level, code, values, since, and the two sentences."""
    entries = [
        {
            "check": str(finding.check),
            "level": str(finding.level),
            "code": finding.code,
            "values": {name: _plain(value) for name, value in finding.values.items()},
            "since": None if finding.since is None else finding.since.isoformat(),
            "what": what(finding, catalogue, zone),
            "do": None if finding.level is Level.OK else remedy(finding, catalogue, zone),
        }
        for finding in findings
    ]
    whole = {"place": place, "at": at.isoformat(), "level": str(worst(findings)), "findings": entries}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def what(finding: Finding, catalogue: Catalogue, zone: tzinfo) -> str:
    """What there is to say."""
    return catalogue.say(f"doctor.{finding.code}", **_spoken(finding.values, catalogue, zone))


def remedy(finding: Finding, catalogue: Catalogue, zone: tzinfo) -> str:
    """What to do about it."""
    return catalogue.say(f"doctor.{finding.code}.do", **_spoken(finding.values, catalogue, zone))


def _spoken(values: Mapping[str, object], catalogue: Catalogue, zone: tzinfo) -> dict[str, object]:
    spoken = {name: _word(value, catalogue, zone) for name, value in values.items()}
    if "device" in values:
        spoken["device"] = device_word(str(values["device"]), catalogue)
    if "fault" in values:
        fault = str(values["fault"])
        spoken |= {"fault": fault_word(fault, catalogue), "repair": repair_word(fault, catalogue)}
    return spoken


def _word(value: object, catalogue: Catalogue, zone: tzinfo) -> object:
    match value:
        case datetime():
            return _instant(value, zone)
        case timedelta():
            return _duration(value, catalogue)
        case str():
            return "".join(character if character.isprintable() else " " for character in value)
        case _:
            return value


def _instant(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _duration(age: timedelta, catalogue: Catalogue) -> str:
    minutes = max(0, int(age.total_seconds()) // 60)
    hours = minutes // 60
    if hours >= 48:  # noqa: PLR2004 - two days
        return catalogue.say("doctor.days", count=hours // 24)
    return catalogue.say("doctor.hours", count=hours) if hours else catalogue.say("doctor.minutes", count=minutes)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))

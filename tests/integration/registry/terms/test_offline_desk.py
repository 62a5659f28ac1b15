"""Offline terms at the registry: recorded, signed, told to kiosks that hold others, and by command."""

from datetime import date
from functools import partial
from pathlib import Path

import msgspec
import pytest

from circulation.documents import DocumentError
from circulation.offline import OfflineLimits
from circulation.offline_terms import OfflineTerms, TermsFaultCode
from circulation.wire import ChangesPage, SignedTerms, tag_of
from registry.terms.offline_desk import LimitChange, OfflineRefusal, OfflineRefusedError
from replica.offline_terms import trusted_terms
from tests.integration.registry.city import START, City, Kiosk
from tests.integration.registry.commands import Run
from youyue.offline_file import file_of

pytestmark = pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
TODAY = date(2026, 3, 11)
FEW = OfflineLimits(patron_per_hour=3)


def a_version(version: int, limits: OfflineLimits = FEW, *, on: date = TODAY, **branches: OfflineLimits) -> OfflineTerms:
    return OfflineTerms(version, on, "board", limits, branches)


def told(city: City, kiosk: Kiosk, tag: str | None = "") -> tuple[SignedTerms, ...] | None:
    """What a kiosk is told that names the terms it holds; none: nothing of terms at all."""
    asked = "" if tag is None else f"&terms={tag}"
    answer = kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=0&wait=0{asked}")
    page = msgspec.json.decode(answer.content, type=ChangesPage)
    assert (b'"offline"' in answer.content) is not isinstance(page.offline, msgspec.UnsetType)
    return None if isinstance(page.offline, msgspec.UnsetType) else page.offline


def test_a_version_is_kept_with_its_history_and_holds_from_its_date(city: City) -> None:
    desk = city.registry.desk.offline
    assert desk.on() is None
    desk.add(a_version(1), by="lin")
    desk.add(a_version(2, OfflineLimits(), on=date(2026, 4, 1)), by="wu")
    assert [(one.version, one.by, one.at) for one in desk.history()] == [(1, "lin", START), (2, "wu", START)]
    assert [desk.on(day) for day in (date(2026, 3, 10), TODAY, date(2026, 4, 1))] == [
        None,
        a_version(1),
        a_version(2, OfflineLimits(), on=date(2026, 4, 1)),
    ]
    assert [entry.action for entry in city.registry.audit(limit=2)] == ["offline terms added"] * 2


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (a_version(5), OfflineRefusal.VERSION_EXISTS),
        (a_version(4), OfflineRefusal.VERSION_TOO_LOW),
        (a_version(6, on=date(2026, 3, 10)), OfflineRefusal.OVER),
        (OfflineTerms(6, TODAY, "長" * 2_000, FEW, {}), None),
    ],
)
def test_what_may_not_come_in_changes_nothing(city: City, new: OfflineTerms, code: OfflineRefusal | None) -> None:
    desk = city.registry.desk.offline
    desk.add(a_version(5), by="lin")
    if code is None:
        desk.add(new, by="lin")
        return
    for ask in (lambda: desk.preview(new), lambda: desk.add(new, by="lin")):
        with pytest.raises(OfflineRefusedError) as refused:
            ask()
        assert refused.value.code is code
    assert len(desk.history()) == 1


def test_a_branch_that_is_not_there_is_refused_by_its_place(city: City) -> None:
    with pytest.raises(DocumentError) as refused:
        city.registry.desk.offline.add(a_version(1, X99=OfflineLimits()), by="lin")
    (fault,) = refused.value.faults
    assert (fault.path, fault.code) == (("branches", "X99"), TermsFaultCode.BRANCH_UNKNOWN)


def test_nothing_is_signed_that_a_kiosk_would_refuse(city: City) -> None:
    with pytest.raises(DocumentError):
        city.registry.desk.offline.add(a_version(1, OfflineLimits(most_unsent_returns=1)), by="lin")
    assert city.registry.desk.offline.history() == ()


def test_a_preview_names_what_changes_and_who_takes_over(city: City) -> None:
    desk = city.registry.desk.offline
    desk.add(a_version(1, on=date(2026, 5, 1)), by="lin")
    found = desk.preview(a_version(2, L12=OfflineLimits(patron_per_hour=3, kiosk_per_hour=50)))
    assert found.changes == (LimitChange("", "patron_per_hour", 0, 3), LimitChange("L12", "kiosk_per_hour", 0, 50))
    assert (found.replaces, found.ends) == (None, date(2026, 5, 1))


def test_a_kiosk_is_told_once_and_an_old_one_never(city: City, kiosk: Kiosk) -> None:
    city.registry.desk.offline.add(a_version(1), by="lin")
    city.registry.desk.offline.add(a_version(2, on=date(2026, 4, 1)), by="lin")
    page = told(city, kiosk)
    assert page is not None
    assert [trusted_terms(one, registry_key=kiosk.me.registry_key).version for one in page] == [1, 2]
    assert told(city, kiosk, tag_of(page)) is None
    assert told(city, kiosk, None) is None
    city.clock.at = city.clock.at.replace(month=4)
    later = told(city, kiosk, tag_of(page))
    assert later is not None
    assert [trusted_terms(one, registry_key=kiosk.me.registry_key).version for one in later] == [2]


def test_a_kiosk_that_waits_is_answered_when_terms_are_recorded(city: City, kiosk: Kiosk) -> None:
    assert told(city, kiosk) is None
    city.registry.desk.offline.add(a_version(1), by="lin")
    answer = kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=0&wait=20&terms=")
    page = msgspec.json.decode(answer.content, type=ChangesPage)
    assert not isinstance(page.offline, msgspec.UnsetType)
    assert [change.table for change in page.changes] == ["branch"]


@pytest.fixture
def offline(run: Run) -> Run:
    return partial(run, "offline")


def test_terms_are_shown_changed_previewed_and_set_by_command(offline: Run, tmp_path: Path) -> None:
    assert "built-in" in offline("show").out
    file = tmp_path / "terms.toml"
    written = offline("show", "--as-file").out
    file.write_text(written.replace("patron_per_hour = 0", "patron_per_hour = 6").replace('"?"', '"board"').replace("2026-", "2999-"))
    previewed = offline("preview", str(file))
    assert (previewed.code, "items a patron and hour while offline, at most: no limit → 6" in previewed.out) == (0, True)
    done = offline("set", str(file), "--yes", "--staff", "lin")
    assert (done.code, "Version 1 of the offline terms is signed" in done.out) == (0, True)
    assert "by lin" in offline("history").out
    assert "items a patron and hour while offline, at most: 6" in offline("show", "--on", "2999-12-31").out


def test_every_fault_of_a_file_is_told_with_its_line_and_nothing_is_done(offline: Run, tmp_path: Path) -> None:
    file = tmp_path / "terms.toml"
    text = file_of(a_version(1, on=date(2999, 1, 1), L12=OfflineLimits()))
    file.write_text(text.replace("fresh_minutes = 15", "fresh_minutes = 0").replace("kiosk_per_hour", "kiosk_per_huor"), encoding="utf-8")
    refused = offline("set", str(file), "--yes")
    assert refused.code == 2
    assert "terms.toml: line 5, fresh_minutes: it must be from 1 to 120" in refused.err
    assert "kiosk_per_huor: there is no such limit here" in refused.err
    assert "kiosk_per_hour: it is missing" in refused.err
    assert "Nothing was changed." in refused.err
    assert "built-in" in offline("show", "--on", "2999-01-01").out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "not text in UTF-8"),
        (b"[offline\n", "line 1: this is not TOML"),
        (b"[other]\n", "one [offline] table"),
    ],
)
def test_a_file_that_is_none_is_refused(offline: Run, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "terms.toml"
    file.write_bytes(content)
    refused = offline("preview", str(file))
    assert (refused.code, said in refused.err) == (2, True)


def test_a_strange_branch_is_refused_with_its_line(offline: Run, tmp_path: Path) -> None:
    file = tmp_path / "terms.toml"
    file.write_text(file_of(a_version(1, on=date(2999, 1, 1), X99=OfflineLimits(kiosk_per_hour=9))), encoding="utf-8")
    refused = offline("set", str(file), "--yes")
    assert (refused.code, "branches.X99: there is no branch with this code" in refused.err) == (2, True)

"""Taking a kiosk's rights away, and changing the cover, as an operator types it."""

import pytest

from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.commands import Run


def revoked(city: City) -> set[str]:
    return {str(one.id) for one in city.registry.all_kiosks() if one.revoked_at is not None}


def test_nothing_is_taken_before_somebody_says_yes(city: City, kiosk: Kiosk, run: Run) -> None:
    shown = run("revoke", "kiosk")
    assert shown.code == 2
    assert str(kiosk.me.kiosk) in shown.out
    assert "wipes what it knows of patrons" in shown.out
    assert "--yes" in shown.err
    assert revoked(city) == set()


@pytest.mark.parametrize("by_id", [True, False], ids=["by its ID", "by its name"])
def test_a_kiosk_loses_its_rights_and_the_cover_changes(city: City, kiosk: Kiosk, run: Run, *, by_id: bool) -> None:
    before = city.registry.covers.in_force()
    done = run("revoke", str(kiosk.me.kiosk) if by_id else "kiosk", "--yes", "--staff", "wang")
    assert done.code == 0
    assert "C01 kiosk has no rights any more" in done.out
    assert revoked(city) == {str(kiosk.me.kiosk)}
    city.clock.pass_(seconds=31)
    assert kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=0").status_code == 403
    assert city.registry.covers.in_force() != before
    assert ("wang", "kiosk revoked") in {(entry.actor, entry.action) for entry in city.registry.audit()}


def test_a_name_that_several_have_takes_nobodys_rights_and_names_their_ids(city: City, kiosk: Kiosk, other_kiosk: Kiosk, run: Run) -> None:
    refused = run("revoke", "kiosk", "--yes")
    assert refused.code == 2
    assert f"C01 {kiosk.me.kiosk}" in refused.err
    assert f"L12 {other_kiosk.me.kiosk}" in refused.err
    assert revoked(city) == set()


def test_a_kiosk_that_nobody_has_or_that_has_no_rights_any_more_is_told(city: City, kiosk: Kiosk, run: Run) -> None:
    assert "no kiosk has the ID or the name lobby" in run("revoke", "lobby", "--yes").err
    run("revoke", "kiosk", "--yes")
    again = run("revoke", "kiosk", "--yes")
    assert again.code == 2
    assert "has no rights any more" in again.err
    assert len(revoked(city)) == 1


def test_staff_change_the_cover_by_hand(city: City, run: Run) -> None:
    before = city.registry.covers.in_force()
    assert "cover 2 from now on" in run("new-cover", "--staff", "wang").out
    city.clock.pass_(seconds=31)
    assert city.registry.covers.in_force() != before

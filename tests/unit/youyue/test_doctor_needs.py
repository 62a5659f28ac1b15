import pytest
from hypothesis import given
from hypothesis import strategies as st

from youyue.doctor.needs import Need, needs_of

RELEASES = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(tuple)


def written(release: tuple[int, ...]) -> str:
    return ".".join(map(str, release))


def test_everybody_s_needs_and_those_of_one_extra_are_taken() -> None:
    listed = [
        "sqlalchemy>=2.1",
        "psycopg[binary]>=3.3; extra == 'registry'",
        'PySide6-Essentials==6.11.3 ; extra == "kiosk"',
        "editables; extra == 'developer'",
        "zstandard (>=0.23)",
    ]
    assert list(needs_of(listed, "kiosk")) == [
        Need("sqlalchemy", ">=2.1"),
        Need("PySide6-Essentials", "==6.11.3"),
        Need("zstandard", ">=0.23"),
    ]
    assert Need("psycopg", ">=3.3") in list(needs_of(listed, "registry"))


@pytest.mark.parametrize(
    ("limits", "version", "met"),
    [
        ("", "0.1", True),
        (">=2.1", "2.1", True),
        (">=2.1", "2.1.0", True),
        (">=2.1", "2.0.9", False),
        (">=2.1", "2.10", True),
        (">=2.1", "2.1rc1", True),
        ("==6.11.3", "6.11.3", True),
        ("==6.11.3", "6.12.0", False),
        (">=2.0,<3", "3.0", False),
        (">=2.0, <3, !=2.5", "2.5.0", False),
        ("<=2", "2.0.1", False),
        (">2", "2.0.1", True),
        ("~=2.1", "2.4", True),
        (">=3.11", "unknown", False),
    ],
)
def test_a_version_is_held_against_limits(limits: str, version: str, met: bool) -> None:  # noqa: FBT001 - a table
    assert Need("x", limits).is_met_by(version) is met


@given(RELEASES, RELEASES)
def test_of_two_releases_one_meets_the_other_s_lower_limit(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    met = [Need("x", f">={written(a)}").is_met_by(written(b)) for a, b in ((one, other), (other, one))]
    assert any(met)
    assert all(met) is Need("x", f"=={written(one)}").is_met_by(written(other))

"""A partner's key as somebody wrote it down."""

import base64

import pytest

from registry.access import ROLES, Who
from registry.partners.roles import PartnerRole, fingerprint, read_public_key

KEY = bytes(range(32))
WRITTEN = base64.b64encode(KEY).decode()


@pytest.mark.parametrize("written", [WRITTEN, f" {WRITTEN}\n", f"{WRITTEN[:20]} {WRITTEN[20:]}", KEY.hex(), KEY.hex().upper()])
def test_a_key_is_read_in_base64_or_hexadecimal_digits(written: str) -> None:
    assert read_public_key(written) == KEY


@pytest.mark.parametrize("written", ["", "x", WRITTEN[:-4], WRITTEN + "AAAA", "*" * 44, "g" * 64, "ａ" * 44, "-----BEGIN PUBLIC KEY-----"])
def test_anything_else_is_no_key(written: str) -> None:
    assert read_public_key(written) is None


def test_fingerprints_differ_with_every_bit() -> None:
    prints = {fingerprint(bytes([*KEY[:-1], KEY[-1] ^ (1 << bit)])) for bit in range(8)} | {fingerprint(KEY)}
    assert len(prints) == 9
    assert all(len(one.replace(" ", "")) == 32 for one in prints)


def test_q5_a_no_school_is_a_partner_with_a_key_of_its_own() -> None:
    assert set(PartnerRole) == {PartnerRole.BUREAU, PartnerRole.APP}


def test_every_role_has_routes_of_its_own() -> None:
    assert set(ROLES.values()) == set(PartnerRole)
    assert set(ROLES) == {Who.BUREAU, Who.APP}

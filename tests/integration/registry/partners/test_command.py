"""``youyue registry partners``, as staff call it."""

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.partners.roles import PartnerRole, fingerprint
from tests.integration.registry.city import City, public_half
from tests.integration.registry.machine import written
from youyue.cli import main


def test_a_partner_is_added_listed_and_revoked(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--folder", str(city.home.folder), *(["--database", city.home.url] if city.home.url else [])]

    def run(*words: str) -> tuple[int, list[str], list[str]]:
        with pytest.raises(SystemExit) as ended:
            main(["registry", "partners", *words, *place])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out.splitlines(), said.err.splitlines()

    key = Ed25519PrivateKey.generate()
    assert run("list") == (0, ["尚未登錄任何合作系統。 / No partner is registered."], [])
    code, out, _ = run("add", "iRead", "--role", "app", "--public-key", written(key), "--staff", "lin")
    print_ = fingerprint(public_half(key))
    (made,) = city.registry.desk.partners.everyone()
    assert (code, made.name, made.role, made.public_key, made.registered_by) == (0, "iRead", PartnerRole.APP, public_half(key), "lin")
    assert (str(made.id) in out[0], out[0].count(print_)) == (True, 2)
    assert run("list")[1][:1] == [f"{made.id}  {print_}"]
    assert ["  iRead, mobile-card app, registered", "2026-11-27 by lin"][0] in run("list")[1][2]
    assert run("add", "other", "--role", "app", "--public-key", written(key))[0] == 1
    code, _, err = run("add", "other", "--role", "bureau", "--public-key", "AAAA")
    assert (code, len(err), "Ed25519" in err[0]) == (2, 1, True)
    assert run("revoke", str(made.id))[0] == 0
    assert run("revoke", str(made.id))[0] == 1
    assert "revoked on" in run("list")[1][2]
    assert run("revoke", str(UUID(int=0)))[0] == 1

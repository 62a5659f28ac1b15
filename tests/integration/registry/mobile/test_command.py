"""``youyue registry mobile``, as staff call it."""

import pytest

from tests.integration.registry.city import City
from tests.integration.registry.machine import Machine
from tests.integration.registry.mobile.phone import sign_in
from youyue.cli import main


def test_staff_see_a_patrons_devices_and_sign_them_all_out(city: City, app: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--folder", str(city.home.folder), *(["--database", city.home.url] if city.home.url else [])]

    def run(*words: str) -> tuple[int, list[str]]:
        with pytest.raises(SystemExit) as ended:
            main(["registry", "mobile", *words, *place])
        return int(ended.value.code or 0), capsys.readouterr().out.splitlines()

    assert run("list", "04A32B1C") == (0, ["王○○ 沒有行動借閱證。 / 王○○ has no mobile card."])
    phone, _ = sign_in(app), sign_in(app, device="平板")
    code, out = run("list", "04A32B1C", "--staff", "lin")
    assert (code, len(out)) == (0, 4)
    assert out[1] == "小明的手機 (iRead), signed in on 2026-03-11 10:00, last seen on 2026-03-11 10:00"
    entry = city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action, entry.detail) == ("lin", "mobile devices read", {"patron": str(city.ming)})
    code, out = run("sign-out-all", "04A32B1C", "--staff", "lin")
    assert (code, "已登出 2 台裝置" in out[0], "2 devices are signed out" in out[0]) == (0, True, True)
    assert phone.refused() == "signed_out"
    assert all("signed out on" in line for line in run("list", "04A32B1C")[1][1::2])
    assert run("list", "04FFFFFF")[0] == 1
    code, out = run("new-key")
    assert (code, "Key 2 signs codes from" in out[0]) == (0, True)
    code, out = run("new-key", "--at-once")
    assert (code, "Key 3 signs codes from now on" in out[0]) == (0, True)

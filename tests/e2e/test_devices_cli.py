"""Readers and cards from two terminals."""

import os
import signal
from contextlib import closing
from pathlib import Path

from circulation.cards import CardUid
from drivers.virtual_reader import VirtualReaderAddress
from tests.contract.conduct import WELL_BEHAVED
from tests.contract.udp_air import UdpAir
from tests.e2e.town import Program, Town, until

EVERYWHERE = "0.0.0.0"  # noqa: S104 - refused


def test_a_card_inserted_in_one_terminal_is_seen_by_the_watch_in_another(town: Town) -> None:
    with town.start_reader(), Program("reader", "watch", environment=town.environment) as watch:
        watch.wait_for("ready: Youyue Demo 00 00")
        inserted = town.youyue("card", "insert", "04A32B1C", "--seconds", "0.5")
        assert (inserted.returncode, inserted.stdout) == (0, "04A32B1C was read on Youyue Demo 00 00.\n")
        watch.wait_for("card     04A32B1C  on Youyue Demo 00 00")
        watch.wait_for("removed  from Youyue Demo 00 00")


def test_after_a_killed_pcscd_the_next_tap_is_read_and_nothing_was_restarted_by_hand(town: Town) -> None:
    with town.start_reader(), Program("reader", "watch", environment=town.environment) as watch:
        watch.wait_for("ready: Youyue Demo 00 00")
        os.kill(daemon_of(town), signal.SIGKILL)
        watch.wait_for("ready: Youyue Demo 00 00", times=2)
        assert town.youyue("card", "insert", "04A32B1C", "--seconds", "0.5").returncode == 0
        watch.wait_for("card     04A32B1C")


def test_each_scan_is_told_with_what_it_is_taken_for(town: Town) -> None:
    forms = {"YOUYUE_KIOSK_ITEM_CODES": "3#{12}%", "YOUYUE_KIOSK_CARD_CODES": "2#{12}%", "YOUYUE_KIOSK_LANGUAGE": "en"}
    with Program("scanner", "watch", environment={**town.environment, **forms}) as watch:
        watch.wait_for("The scanner works")
        for code in ("30234000517861", "21234000517862", "9789573317241", "30234000517860"):
            assert town.youyue("item", "scan", code).returncode == 0
        watch.wait_for("30234000517861  an item  .virtual scanner.")
        watch.wait_for("21234000517862  a library card")
        watch.wait_for("9789573317241  That's the publisher's barcode")
        watch.wait_for("30234000517860  The code was misread")


def test_a_serial_scanner_is_watched_as_it_is_plugged_in_read_and_unplugged(town: Town) -> None:
    cable, port = os.openpty()
    port_name = os.ttyname(port)
    os.close(port)
    with Program("scanner", "watch", "--scanner", f"serial:{port_name}?end=cr&prefix=%5DC1", environment=town.environment) as watch:
        watch.wait_for(port_name)
        os.write(cable, b"]C130234000517861\r")
        watch.wait_for("30234000517861")
        os.close(cable)
        watch.wait_for("kiosk.scanner")


def test_a_reader_that_nfcpy_drives_is_watched_like_any_other(town: Town) -> None:
    air = UdpAir()
    with closing(air), Program("reader", "watch", "--reader", f"nfcpy:udp:127.0.0.1:{air.port}", environment=town.environment) as watch:
        watch.wait_for(f"ready: Linux IP-Stack UDP at udp:127.0.0.1:{air.port}")
        air.lay(CardUid.from_hex("04A1B2C3D4E5F6"), WELL_BEHAVED)
        watch.wait_for("card     04A1B2C3D4E5F6  on Linux IP-Stack UDP")
        air.lift()
        watch.wait_for("removed  from Linux IP-Stack UDP")
        assert not [line for line in watch.lines if "nfc.clf" in line]


def test_a_reader_that_nobody_knows_is_refused_with_what_to_write(town: Town) -> None:
    said = town.youyue("reader", "watch", "--reader", "usb")
    assert (said.returncode, "nfcpy:usb:072f:2200" in said.stderr) == (2, True)


def daemon_of(town: Town) -> int:
    """The pcscd that the virtual reader's process has started."""
    address = VirtualReaderAddress.find(town.run)
    assert address is not None
    found: list[int] = []

    def seen() -> bool:
        # The daemon is the child of whichever thread started it.
        tasks = Path(f"/proc/{address.pid}/task").glob("*/children")
        found[:] = [int(child) for children in tasks for child in children.read_text(encoding="ascii").split()]
        return bool(found)

    until(seen, "pcscd")
    return found[0]


def test_mistakes_get_one_line_and_an_exit_code(town: Town) -> None:
    for arguments, code, words in (
        (["card", "insert", "xyz"], 2, "write it in hexadecimal"),
        (["card", "insert", "04A32B1C"], 3, "start one with `youyue reader virtual`"),
        (["scanner", "watch", "--scanner", "keyboard:/dev/input/event4"], 2, "see `youyue scanner list`"),
        (["item", "scan", "123"], 3, "start the kiosk or the demo first"),
        (["reader", "watch", "--reader", "virtual"], 3, "start one with `youyue reader virtual`"),
        (["kiosk", "run", "--headless", "--folder", str(town.folder / "none")], 2, "enrol this kiosk first"),
        (["registry", "code", "ZZ", "--folder", str(town.registry_folder)], 2, "there is no branch 'ZZ'"),
        (["registry", "serve", "--host", EVERYWHERE, "--folder", str(town.registry_folder)], 2, "give a certificate"),
        (
            ["kiosk", "enrol", "--registry", "http://127.0.0.1:9", "--code", "AAAA-AAAA", "--folder", str(town.folder / "k")],
            3,
            "does it run?",
        ),
        (["demo", "--headless", "--folder", str(town.registry_folder)], 2, "holds other things"),
    ):
        said = town.youyue(*arguments)
        assert (said.returncode, said.stderr.count("\n"), words in said.stderr) == (code, 1, True), (arguments, said.stderr)

"""The office of a town, through which canaries come in; what its commands say is kept."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from tests import canaries
from tests.e2e.town import YOUYUE, Town
from tests.unit.registry.rosters.roster_files import CONTACT_HEADINGS, HEADINGS, a_contact, a_pupil, csv_bytes

BORN = date(2014, 5, 6)
_CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+")


class Office:
    """Where the canaries come in; keeps what every process said in ``logs``."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.logs = town.folder / "logs"
        self.logs.mkdir()
        self._count = 0
        self._rosters: list[Path] = []

    def keep(self, name: str, lines: Sequence[str]) -> None:
        self._count += 1
        (self.logs / f"{self._count:02}-{name}.log").write_text("\n".join(lines), encoding="utf-8")

    def youyue(self, *commands: Sequence[str]) -> list[str]:
        """Run commands of the registry's, one after the other; what each printed."""
        words = [["--verbose", "registry", *command, "--folder", str(self.town.registry_folder)] for command in commands]
        done = self._run(sys.executable, str(Path(__file__).with_name("commands.py")), typed=json.dumps(words))
        said = json.loads(done.stdout)
        for command, one in zip(commands, said, strict=True):
            self.keep(command[0], [str(one["code"]), one["out"], one["err"]])
        return [one["out"] for one in said]

    def _run(self, *words: str, typed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            env={**self.town.environment, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            start_new_session=True,  # no terminal to read a PIN from
        )

    def roster(self, headings: Sequence[str], *rows: Sequence[str], damage: bytes = b"") -> str:
        file = self.town.folder / f"roster-{len(self._rosters)}.csv"
        file.write_bytes(csv_bytes([headings, *rows], encoding="cp950") + damage)
        self._rosters.append(file)
        return str(file)

    def bring_rosters(self) -> None:
        names, numbers, uids = canaries.NAMES, canaries.NATIONAL_IDS, canaries.UIDS
        pupils = [
            a_pupil(
                name=names[who],
                national_id=numbers[who],
                born=BORN.isoformat(),
                card=uids[who],
                address=canaries.ADDRESSES[0],
                phone=canaries.PHONES[0],
            )
            for who in (0, 1)
        ]
        bad = [
            a_pupil(name=names[3], national_id=numbers[3][:-1] + "x", born=names[0], card=uids[3]),
            a_pupil(name=numbers[3], national_id=names[3], born=canaries.PHONES[1], card=canaries.ADDRESSES[1]),
            a_pupil(name=names[3] * 30, national_id=numbers[3], born="2014/15/06", card=numbers[3], consent=names[2]),
            a_pupil(name=names[3], national_id=numbers[3], consent="否"),
        ]
        contact = a_contact(
            name=names[0], national_id=numbers[0], born=BORN.isoformat(), address=canaries.ADDRESSES[1], phone=canaries.PHONES[0]
        )
        waits = a_contact(
            name=canaries.WAITING_NAME, national_id=canaries.WAITING_NATIONAL_ID, born=BORN.isoformat(), mobile=canaries.PHONES[1]
        )
        returned = self.town.folder / "bad.csv"
        students, contacts = ("import", "bureau-students"), ("import", "school-contacts")
        good_and_bad = self.roster(HEADINGS, *pupils, *bad)
        self.youyue(
            (*students, good_and_bad, "--dry-run"),
            (*students, good_and_bad, "--yes", "--bad-rows", str(returned)),
            (*students, self.roster((*HEADINGS, "同意"), *pupils), "--yes"),
            (*students, self.roster((*pupils[0], canaries.PHONES[0]), pupils[1]), "--yes"),  # no headings, and one value twice
            (*students, self.roster(HEADINGS, *pupils, damage=f'"{names[0]}'.encode("cp950") + b"\x81"), "--yes"),
            (*contacts, self.roster(CONTACT_HEADINGS, contact, waits), "--yes"),
        )
        # As an office does: what was brought is taken away again, with the list of bad rows.
        for file in (*self._rosters, returned):
            file.unlink()

    def set_pin(self, pin: str) -> None:
        [said] = self.youyue(("pin-code", canaries.UIDS[0]))
        code = _CODE.search(said)
        assert code is not None, said
        done = self._run(
            *(*YOUYUE, "--verbose", "registry", "pin-set", "--folder", str(self.town.registry_folder)), typed=f"{code[0]}\n{pin}\n{pin}\n"
        )
        self.keep("pin-set", [done.stdout, done.stderr])

    def rename_books(self, barcodes: Sequence[str]) -> None:
        with closing(sqlite3.connect(self.town.registry_folder / "registry.db")) as connection, connection:
            connection.executemany("UPDATE item SET title = ? WHERE barcode = ?", zip(canaries.TITLES, barcodes, strict=True))

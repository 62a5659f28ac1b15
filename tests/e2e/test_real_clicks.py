"""The demo as a visitor has it: real windows on a real display, clicks from another process, and the registry's own table at the end."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.e2e.display import a_display
from tests.e2e.town import Program, until

TRAY = "悠閱 · 卡片盤"
WHOLE = 460, 1900
"""Pixels, in which all of the tray's books are seen: while a wheel's movement lasts, a click only ends it."""
FIRST_CARD = 0.30, 0.069
LAST_BOOK = 0.30, 0.869
ITS_SPINE, AZALEA = (0.065, 0.869), "#8c1254"


def rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{folder / 'registry' / 'registry.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(statement).fetchall()


def test_a_card_and_a_book_that_are_clicked_in_the_tray_are_a_loan_at_the_registry(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with tempfile.TemporaryDirectory(prefix="yy") as run, a_display() as display:
        environment = {**display.environment, "XDG_RUNTIME_DIR": run, "PYTHONUNBUFFERED": "1"}
        with Program("demo", "--reader", "virtual", "--folder", str(folder), environment=environment) as demo:
            demo.wait_for("Click a card in the tray")
            display.resize(TRAY, *WHOLE)
            until(lambda: display.colour(TRAY, *ITS_SPINE) == AZALEA, "the tray to be drawn")
            # The book first or the card first: both are a loan, so nothing here waits for a screen.
            display.click(TRAY, *FIRST_CARD)
            display.click(TRAY, *LAST_BOOK)
            until(lambda: rows(folder, "SELECT count(*) FROM fact WHERE status = 'accepted'") == [(1,)], "the fact")

            ((title,),) = rows(folder, "SELECT item.title FROM loan JOIN item ON item.id = loan.item WHERE loan.closed_at IS NULL")
            assert title == "聊齋誌異選"

"""``youyue demo``: the whole chain on one machine."""

import os
from pathlib import Path

import click

from circulation.cards import CardUid, CardUidError
from drivers.ports import DeviceError
from sync.errors import SyncError
from ui.fonts import FontMissingError
from ui.window import WindowError
from youyue.cli.reader_option import reader_option
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.demo.play import DemoOptions, run_demo
from youyue.demo.stage import OwnCardError, StageFolderError
from youyue.reader_choice import ReaderChoice
from youyue.settings import LoadedSettings


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/demo"),
    show_default=True,
    help="Where pictures, story.md and the databases stay.",
)
@click.option(
    "--headless",
    is_flag=True,
    default=lambda: os.environ.get("HEADLESS", "") not in {"", "0"},
    help="Let the story play by itself; also HEADLESS=1, or no screen.",
)
@reader_option
@click.option("--card", help="UID of a card at hand (see `youyue reader watch`): it becomes the first pupil's.")
@click.option("--seed", type=int, default=114, show_default=True, help="Another seed makes another city.")
@click.option("--pupils", type=click.IntRange(100, 100_000), default=600, show_default=True, help="How many pupils the city has.")
@click.pass_obj
def demo(loaded: LoadedSettings, folder: Path, reader: ReaderChoice, card: str | None, seed: int, pupils: int, *, headless: bool) -> None:
    """Show the whole chain: a registry with a demo city, a card reader, two kiosks.

    With a screen: the kiosks' windows and a card tray; click a card to tap it, a book to scan it.
    Without one: the story plays by itself, and the exit code is 0 only if every table holds what it must.
    """
    try:
        own_card = CardUid.from_hex(card) if card else None
        code = run_demo(DemoOptions(folder, reader, headless=headless, seed=seed, pupils=pupils, own_card=own_card), loaded.settings)
    except (CardUidError, OwnCardError, StageFolderError) as error:
        refuse(error, USAGE)
    except DeviceError as error:
        refuse(error, MISSING)
    except (FontMissingError, WindowError, SyncError) as error:
        refuse(error, FAILED)
    except OSError as error:
        refuse(f"{folder}: can't be used ({error.strerror}); choose another with --folder", USAGE)
    raise SystemExit(code)

"""Text from outside is letters: no markup, no request, no reordering, no flood."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlComponent, QQmlEngine

from circulation.checkins import Destination
from circulation.reasons import Reason
from kiosk.view import Borrow, Goodbye, Home, Loans, Return
from tests.ui.bench import Bench, asked
from ui.gallery.examples import BIDI, LONG, NOW, RARE, a_hold, a_loan, a_place, a_view, an_account, borrowed, refused, returned
from ui.network import RefusingAccessManager
from ui.plain import LONGEST, plain

BIDI_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this machine that would notice a caller."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


def callers(server: socket.socket) -> int:
    try:
        connection, _ = server.accept()
    except BlockingIOError:
        return 0
    connection.close()
    return 1


def markup_for(server: socket.socket) -> str:
    address = f"http://127.0.0.1:{server.getsockname()[1]}"
    return f"<img src='{address}/a.png'><a href=\"{address}\">x</a><style>@import '{address}'</style>![x]({address}/b.png)"


def test_markup_in_every_outside_field_is_shown_as_letters_and_fetches_nothing(portrait: Bench, listener: socket.socket) -> None:
    hostile = markup_for(listener)
    place = a_place(hostile)
    account = an_account(masked_name=hostile)
    for screen in (
        Home(account),
        Borrow(account, (refused(2, Reason.ITEM_ON_HOLD, title=hostile), borrowed(1, hostile)), 1),
        Goodbye((borrowed(1, hostile),), NOW + 8, (returned(1, hostile),), (a_loan(1, hostile),)),
        Return((returned(1, hostile, Destination.OTHER_BRANCH, send_to=hostile),), 1, account),
        Loans(account, (a_loan(1, hostile),), (a_hold(hostile, pickup=hostile, here=False, shelf=hostile),), (a_hold(hostile),)),
    ):
        portrait.show(a_view(screen, place=place))
        portrait.picture()
        portrait.settle()
        assert any("<img" in str(text.property("said")) for text in portrait.of_type("PlainText"))
        assert {asked(text, "textFormat") for text in portrait.of_type("PlainText")} == {0}  # Text.PlainText

    assert callers(listener) == 0


def test_an_engine_of_ours_cannot_reach_a_server(portrait: Bench, listener: socket.socket) -> None:
    """The negative side of the test above: even QML that wants to fetch gets nothing."""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/a.png"
    engine = QQmlEngine.contextForObject(portrait.window.contentItem().childItems()[0])
    assert engine is not None
    component = QQmlComponent(engine.engine())
    component.setData(f"import QtQuick; Image {{ property string asked: '{address}'; cache: false }}".encode(), QUrl())
    image = component.create()
    assert image is not None

    image.setProperty("source", QUrl(address))
    portrait.settle()

    assert callers(listener) == 0
    image.deleteLater()


def test_the_network_refuses_every_request(portrait: Bench, listener: socket.socket) -> None:
    manager = RefusingAccessManager()

    reply = manager.get(QNetworkRequest(QUrl(f"http://127.0.0.1:{listener.getsockname()[1]}/")))
    portrait.settle()

    assert reply.error() != QNetworkReply.NetworkError.NoError
    assert callers(listener) == 0


def test_titles_of_ten_thousand_characters_are_cut_to_what_a_screen_shows() -> None:
    assert len(LONG) == 10_000
    assert len(plain(LONG)) == LONGEST
    assert plain(LONG).endswith("…")


def test_bidirectional_marks_and_control_characters_are_gone() -> None:
    assert plain(BIDI) == "台灣raey的青蛙"


def test_rare_characters_stay_as_they_are() -> None:
    assert plain(RARE) == RARE


@pytest.mark.parametrize(
    "character", ["\U00031350", "\U0002ebf0", "\U000323b0", "\U0003347b", "\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"]
)
def test_an_ideograph_newer_than_this_python_and_a_private_character_stay(character: str) -> None:
    assert plain(f"台{character}灣") == f"台{character}灣"


@pytest.mark.parametrize("character", ["\ufdd0", "\uffff", "\U0002fffe", "\U0003ffff", "\U000e0fff", "\U0010ffff", "\u0378", "\ud800"])
def test_what_is_no_character_at_all_is_gone(character: str) -> None:
    assert plain(f"台{character}灣") == "台灣"


def test_a_variation_of_a_character_is_kept() -> None:
    assert plain("葛\U000e0100飾區") == "葛\U000e0100飾區"


def test_braces_and_percent_signs_of_a_title_are_letters(portrait: Bench) -> None:
    portrait.show(a_view(Borrow(an_account(masked_name="{0}%s"), (borrowed(1, "{title}%(x)s {0.__class__}"),), 1)))

    assert "{title}%(x)s {0.__class__}" in {text.property("said") for text in portrait.of_type("PlainText")}


@given(st.text(max_size=400), st.integers(min_value=2, max_value=300))
def test_whatever_comes_leaves_harmless_and_short(text: str, longest: int) -> None:
    told = plain(text, longest=longest)

    assert len(told) <= longest
    assert not set(told) & set(BIDI_MARKS)
    assert told.isprintable() or any(
        ord(character) >= 0xFE00 or 0xE000 <= ord(character) <= 0xF8FF or character == "\u200d" or character.isspace() for character in told
    )
    assert plain(told, longest=longest) == told

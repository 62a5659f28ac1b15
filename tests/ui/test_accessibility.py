"""Everything that can be pressed or read has a name and a role."""

import pytest
from PySide6.QtGui import QAccessible

from tests.ui.bench import Bench
from ui.gallery.views import VIEWS


@pytest.fixture(autouse=True)
def assistive_technology() -> None:
    QAccessible.setActive(True)


@pytest.mark.parametrize("language", ["zh_TW", "en"])
@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_control_has_a_name_and_a_role(kiosk: Bench, view: str, language: str) -> None:
    kiosk.show(VIEWS[view])
    kiosk.look(language)

    for control in kiosk.of_type("Pressable"):
        face = QAccessible.queryAccessibleInterface(control)
        assert face is not None
        assert face.role() in {QAccessible.Role.Button, QAccessible.Role.CheckBox}
        assert face.text(QAccessible.Text.Name).strip()


def test_texts_are_read_aloud_as_they_stand(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])

    for text in portrait.of_type("PlainText"):
        face = QAccessible.queryAccessibleInterface(text)
        assert face is not None
        assert face.text(QAccessible.Text.Name) == text.property("said")


def test_a_banner_is_an_alert(portrait: Bench) -> None:
    portrait.show(VIEWS["home-offline"])

    (banner,) = portrait.of_type("Banner")
    face = QAccessible.queryAccessibleInterface(banner)

    assert face is not None
    assert face.role() == QAccessible.Role.AlertMessage
    assert "連不上總館" in face.text(QAccessible.Text.Name)

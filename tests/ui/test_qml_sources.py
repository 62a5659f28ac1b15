"""What must not stand in any QML file, and that every sentence comes from the catalogue."""

import re
from pathlib import Path

import pytest

from texts.catalogue import Catalogue

QML = Path(__file__).parents[2] / "ui" / "qml"
SOURCES = {path.relative_to(QML).as_posix(): path.read_text(encoding="utf-8") for path in sorted(QML.rglob("*.qml"))}

ALLOWED_IMPORTS = {
    "QtQuick",
    "QtQuick.Layouts",
    "QtQuick.Shapes",
    "QtQuick.Templates as T",
    "QtQuick.Window",
    "Youyue",
    "Youyue.ViewModels",
}
TEXT_TYPES = re.compile(
    r"\b(Text|Label|TextEdit|TextInput|TextArea|TextField|Button|ItemDelegate|CheckBox|ToolTip|Dialog|Popup|Menu|Shortcut|Action|WebView)\s*\{"
)
KEY = re.compile(r'"([a-z_]+(?:\.[a-z_]+)+)"')
WORDS = re.compile(r'^\s*(?:text|spoken|label|word|Accessible\.name):\s*"([^"]*)"', re.MULTILINE)

every_source = pytest.mark.parametrize("source", sorted(SOURCES))


@every_source
def test_only_plain_text_draws_text(source: str) -> None:
    found = [name for name in TEXT_TYPES.findall(SOURCES[source]) if not (source.endswith("PlainText.qml") and name == "Text")]

    assert found == []


def test_plain_text_says_its_format() -> None:
    assert "textFormat: Text.PlainText" in SOURCES["Youyue/controls/PlainText.qml"]
    assert [source for source, code in SOURCES.items() if "textFormat" in code] == ["Youyue/controls/PlainText.qml"]


@every_source
def test_only_known_modules_are_imported(source: str) -> None:
    imports = set(re.findall(r"^import (.+)$", SOURCES[source], re.MULTILINE))

    assert imports <= ALLOWED_IMPORTS


@every_source
def test_nothing_remote_and_nothing_dynamic(source: str) -> None:
    assert not re.search(r"https?:|XMLHttpRequest|openUrlExternally|createQmlObject|\beval\(|Qt\.include|LocalStorage", SOURCES[source])


@every_source
def test_nobody_uses_qts_list_view(source: str) -> None:
    """With lines of different heights it laid one upon another, warned when a slip was forgotten before it was drawn, and hung the screen."""
    assert "ListView" not in re.sub(r"//.*", "", SOURCES[source])


@every_source
def test_every_key_has_a_text_in_both_languages(source: str, chinese: Catalogue, english: Catalogue) -> None:
    keys = {key for key in KEY.findall(SOURCES[source]) if not key.endswith(".")}

    assert [key for key in keys if key not in chinese or key not in english] == []


@every_source
def test_no_sentence_stands_in_the_code(source: str) -> None:
    assert WORDS.findall(SOURCES[source]) == []
    assert source in {"Youyue/Main.qml", "Youyue/CardTray.qml"} or not re.search(r'"[^"]*[\u4e00-\u9fff][^"]*"', SOURCES[source])


@pytest.mark.parametrize("side", ["right", "left", "below"])
def test_every_side_of_the_reader_has_a_sentence(side: str, chinese: Catalogue, english: Catalogue) -> None:
    assert f"attract.reader.{side}" in chinese
    assert f"attract.reader.{side}" in english


def test_every_file_is_in_the_module_and_the_module_names_no_other() -> None:
    module = (QML / "Youyue" / "qmldir").read_text(encoding="utf-8")
    named = {line.split()[-1] for line in module.splitlines()[1:]}

    assert named == {source.removeprefix("Youyue/") for source in SOURCES}


def test_icons_that_are_asked_for_are_there() -> None:
    icons = {path.stem for path in (QML.parent / "icons").glob("*.svg")}
    asked = {name for code in SOURCES.values() for name in re.findall(r'\b(?:name|sign|icon): "([a-z_]+)"', code)}

    assert asked
    assert asked <= icons

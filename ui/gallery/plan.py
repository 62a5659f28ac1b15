"""Which pictures a gallery has, and what they are called. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from PySide6.QtCore import QSize

from texts.catalogue import languages
from ui.gallery.glass import Look
from ui.gallery.views import VIEWS
from ui.viewmodels.comfort import ZHUYIN, has_zhuyin
from ui.window import LANDSCAPE, PORTRAIT

FORMATS: Mapping[str, QSize] = MappingProxyType({"portrait": PORTRAIT, "landscape": LANDSCAPE, "small": QSize(1280, 800)})
"""The glass by its name: the two that the screens are drawn for, and the small one of a desk kiosk."""


class NothingToShowError(ValueError):
    """No view has a name like that."""


def shown_languages() -> tuple[str, ...]:
    """Every language there is a file for, and with readings where children read it so."""
    return tuple(code for language in languages() for code in ((language, language + ZHUYIN) if has_zhuyin(language) else (language,)))


@dataclass(frozen=True, slots=True)
class Wing:
    """What hangs together on one contact sheet: every view in one language, one look, on one glass."""

    format: str
    language: str
    look: Look

    @property
    def name(self) -> str:
        """For files and links."""
        return f"{self.format}-{self.language}-{self.look}"


@dataclass(frozen=True, slots=True)
class Exhibition:
    """What is to be shown: all of it, unless less is asked for."""

    views: Sequence[str]
    languages: Sequence[str]
    looks: Sequence[Look]
    formats: Sequence[str]

    def wings(self) -> Iterator[Wing]:
        """Each once: one glass after the other, since a window costs half a second."""
        for glass in self.formats:
            for language in self.languages:
                for look in self.looks:
                    yield Wing(glass, language, look)

    def __len__(self) -> int:
        """How many pictures that makes."""
        return len(self.views) * len(self.languages) * len(self.looks) * len(self.formats)


def chosen_views(patterns: Sequence[str]) -> tuple[str, ...]:
    """The names of the views that one of the patterns fits (``home*``), in their order; without a pattern all.

    Raises:
        NothingToShowError: a pattern fits none.

    """
    for pattern in patterns:
        if not any(fnmatchcase(view, pattern) for view in VIEWS):
            message = f"no view is called {pattern!r}; there are {', '.join(VIEWS)}"
            raise NothingToShowError(message)
    return tuple(view for view in VIEWS if not patterns or any(fnmatchcase(view, pattern) for pattern in patterns))

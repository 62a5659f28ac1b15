"""Sentences by stable keys. A language is added by adding a file ``<language>.po`` beside this one.

``zh_TW`` and ``en`` hold every sentence. What another language lacks it says in English, so that a new one can begin with a handful.

A key such as ``reason.item_on_hold`` is a ``msgid``; ``reason.item_on_hold.do`` says what to do next.
An entry with ``msgid_plural`` is chosen by the value ``count``, as its file's Plural-Forms say.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import polib

_HERE = Path(__file__).parent
_WHOLE = frozenset({"zh_TW", "en"})
"""The languages that lack nothing; a test sees to it."""
_OTHERWISE = "en"
_PLURAL_RULE = re.compile(r"plural\s*=\s*(?P<rule>[^;]+)")


class TextMissingError(LookupError):
    """The catalogue lacks a text, or the text asks for a value that was not given: a fault of the programme."""


class CatalogueError(Exception):
    """A PO file is missing, or is no PO file."""


class Catalogue:
    """All sentences of one language (``zh_TW``, ``en``). A value: it never changes. ``otherwise`` says what it lacks itself."""

    def __init__(
        self,
        language: str,
        texts: Mapping[str, tuple[str, ...]],
        plural_form: Callable[[int], int],
        otherwise: "Catalogue | None" = None,
    ) -> None:
        self.language = language
        self._otherwise = otherwise
        self._texts = dict(texts)
        self._plural_form = plural_form

    def __contains__(self, key: str) -> bool:
        return key in self._texts or (self._otherwise is not None and key in self._otherwise)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def forms(self, key: str) -> tuple[str, ...]:
        """The raw text of a key, all its plural forms.

        Raises:
            TextMissingError: there is none.

        """
        if key not in self._texts and self._otherwise is not None:
            return self._otherwise.forms(key)
        try:
            return self._texts[key]
        except KeyError:
            message = f"the catalogue {self.language} has no text for {key!r}"
            raise TextMissingError(message) from None

    def say(self, key: str, /, **values: object) -> str:
        """The sentence of a key with its values filled in. Values are never read as a pattern.

        Raises:
            TextMissingError: there is no such text, or it asks for a value that was not given.

        """
        if key not in self._texts and self._otherwise is not None:
            return self._otherwise.say(key, **values)
        forms = self.forms(key)
        count = values.get("count")
        form = forms[self._plural_form(count)] if len(forms) > 1 and isinstance(count, int) else forms[-1]
        try:
            return form.format_map(values)
        except (KeyError, IndexError, ValueError) as error:
            message = f"the text {key!r} of the catalogue {self.language} can't be filled in: {error!r}"
            raise TextMissingError(message) from error


def languages(folder: Path = _HERE) -> tuple[str, ...]:
    """Name every language there is a file for, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder.glob("*.po")))


@cache
def open_catalogue(language: str, folder: Path = _HERE) -> Catalogue:
    """Read the sentences of a language, once in a process: they take longer to parse than anything else at a start.

    Raises:
        CatalogueError: there is no file for it, or the file is broken (named with its place).

    """
    path = folder / f"{language}.po"
    if not path.is_file():
        message = f"there is no language {language!r}; there are {', '.join(languages(folder))}"
        raise CatalogueError(message)
    try:
        entries = polib.pofile(str(path))
        texts = _texts(entries)
    except (OSError, ValueError) as error:
        message = f"{path.name}: {error}"
        raise CatalogueError(message) from error
    otherwise = None if language in _WHOLE else open_catalogue(_OTHERWISE)
    return Catalogue(language, texts, _plural_form(entries.metadata.get("Plural-Forms", "")), otherwise)


def _texts(entries: Iterable[polib.POEntry]) -> dict[str, tuple[str, ...]]:
    """The forms of every key. polib's own search for duplicates looks through all entries for each: 0.3 s for 1,600 of them."""
    texts: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry.msgid in texts:
            message = f"line {entry.linenum}: {entry.msgid} stands there twice"
            raise ValueError(message)
        if entry.translated():
            texts[entry.msgid] = _forms(entry)
    return texts


def _forms(entry: polib.POEntry) -> tuple[str, ...]:
    if entry.msgid_plural:
        return tuple(entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural))
    return (entry.msgstr,)


def _plural_form(header: str) -> Callable[[int], int]:
    found = _PLURAL_RULE.search(header)
    rule: Callable[[int], int] = gettext.c2py(found["rule"].strip() if found else "0")
    return rule

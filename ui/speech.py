"""The two languages that stand on the screen: the main one large, the second one below it."""

from dataclasses import dataclass, replace
from datetime import date

from texts.catalogue import Catalogue
from texts.dates import short_date

PhraseMap = dict[str, str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in both languages."""

    main: str = ""
    second: str = ""

    def for_qml(self) -> PhraseMap:
        """As a map, which QML reads as ``phrase.main`` and ``phrase.second``."""
        return {"main": self.main, "second": self.second}


SILENT = Phrase()


@dataclass(frozen=True, slots=True)
class Speech:
    """Both catalogues in their order. ``alone``: the second one keeps silent."""

    main: Catalogue
    second: Catalogue
    alone: bool = False

    def pair(self, main: str, second: str) -> Phrase:
        """Two sentences that say the same, the second one only where it is wanted."""
        return Phrase(main, "" if self.alone else second)

    def both(self) -> "Speech":
        """The same with both languages: for paper."""
        return replace(self, alone=False)

    def phrase(self, key: str, /, **values: object) -> Phrase:
        """Say it in both languages.

        Raises:
            TextMissingError: a catalogue lacks it, or it asks for a value that was not given.

        """
        return self.pair(self.main.say(key, **values), self.second.say(key, **values))

    def dated(self, key: str, /, day: date, **values: object) -> Phrase:
        """Say it in both languages with a day filled in as ``date``, each in its own words.

        Raises:
            TextMissingError: as above.

        """
        return self.pair(
            self.main.say(key, date=short_date(day, self.main), **values),
            self.second.say(key, date=short_date(day, self.second), **values),
        )

    def known(self, key: str, otherwise: str) -> str:
        """The key itself when there is a text for it, else another one: for codes that come from outside."""
        return key if key in self.main and key in self.second else otherwise

"""Invented pupils: numbers with their check digits, names that files are bad at, twins, cards. Nothing here knows the programme's code."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)
_SURNAMES = "陳 林 黃 張 李 王 吳 劉 蔡 楊 許 鄭 謝 郭 洪 邱 曾 廖 賴 徐 歐陽 司徒 范姜 張簡".split()  # noqa: SIM905 - read as a line of words
_GIVEN = "小明 大華 美玲 志強 淑芬 家豪 怡君 冠宇 雅婷 承翰 子涵 品妍 宥廷 詠晴 柏翰 思妤 禹丞 采潔 心怡 浩".split()  # noqa: SIM905 - the same
_RARE = ("碁", "恒", "裏", "粧", "峯", "𠮷", "𣲙", "喆", "\ue000")
"""Characters that code pages lose, two beyond the basic plane, and one that only the sender's machines can draw."""
_OTHER = ("Siyac Nabu", "Mary Ann Smith", "伊斯坦大·布妮·島嶼", "J. O'Neil")
RARE_EVERY = 40


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, whatever a file says."""

    number: str
    name: str
    born: date
    school: str
    twin: bool = False

    @property
    def is_rare(self) -> bool:
        return any(character in self.name for character in _RARE) or self.name in _OTHER


@dataclass
class People:
    """Makes people and cards that are each there once."""

    rng: random.Random
    _numbers: set[str] = field(default_factory=set)
    _cards: set[str] = field(default_factory=set)
    _made: int = 0

    def pupils(self, count: int, schools: list[str], *, age: int, year: int) -> Iterator[Person]:
        """Pupils of an age in a school year, of the Republic; every fortieth has a rare name, every fiftieth a twin."""
        while count > 0:
            self._made += 1
            school = self.rng.choice(schools)
            born = date(year + 1911 - age - 1, 9, 2) + timedelta(days=self.rng.randrange(365))
            one = Person(self.national_id(), self._name(), born, school)
            yield one
            count -= 1
            if count and self._made % 50 == 0:
                yield Person(self.national_id(), one.name[:-1] + "雙", born, school, twin=True)
                count -= 1

    def foreigner(self, school: str, *, year: int) -> tuple[Person, str]:
        """Somebody with a new resident number, and the old number that the library may know instead."""
        old, new = self._numbered(self.rng.choice("ABCD")), self._numbered(self.rng.choice("89"))
        born = date(year + 1911 - 7, 1, 1) + timedelta(days=self.rng.randrange(365))
        return Person(new, f"{self.rng.choice(_SURNAMES)}外{self.rng.choice(_GIVEN)}", born, school), old

    def national_id(self) -> str:
        return self._numbered(self.rng.choice("12"))

    def card(self) -> str:
        """A number of four or seven bytes; nobody has its bytes in the other order."""
        while True:
            octets = bytes(self.rng.randrange(1, 255) for _ in range(self.rng.choice((4, 4, 7))))
            number = octets.hex().upper()
            if octets[0] not in (0x08, 0x88) and octets[-1] not in (0x08, 0x88) and not {number, turned(number)} & self._cards:
                self._cards.add(number)
                return number

    def _name(self) -> str:
        if self._made % RARE_EVERY == 0:
            return self.rng.choice((*(self.rng.choice(_SURNAMES) + self.rng.choice(_RARE) for _ in range(3)), self.rng.choice(_OTHER)))
        return self.rng.choice(_SURNAMES) + self.rng.choice(_GIVEN)

    def _numbered(self, second: str) -> str:
        while True:
            plain = self.rng.choice(_LETTERS) + second + "".join(self.rng.choice("0123456789") for _ in range(7))
            number = plain + str(_check_digit(plain))
            if number not in self._numbers:
                self._numbers.add(number)
                return number


def turned(number: str) -> str:
    """A card number with its bytes in the other order, as some readers write it."""
    return bytes.fromhex(number)[::-1].hex().upper()


def swapped(born: date) -> date | None:
    """Day and month in the wrong order, where that is a day too, and another one."""
    try:
        other = date(born.year, born.day, born.month)
    except ValueError:
        return None
    return other if other != born else None


def _check_digit(plain: str) -> int:
    first = _LETTERS.index(plain[0]) + 10
    second = (_LETTERS.index(plain[1]) + 10) % 10 if plain[1].isalpha() else int(plain[1])
    digits = (first // 10, first % 10, second, *(int(digit) for digit in plain[2:9]))
    return -sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 10

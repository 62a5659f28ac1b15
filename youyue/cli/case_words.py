"""What the commands of cases and merges share: refusals and effects in words, and which card stays."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from circulation.cards import CardKind
from circulation.ids import PatronId
from registry.belongings.footprint import Effect, EffectKind
from registry.cases.decisions import CaseRefusal
from registry.cases.desk import CaseRefusedError
from registry.merges.desk import MergeRefusedError
from registry.merges.rules import MergeRefusal
from registry.rosters.store_writing import RegistryMovedError
from texts.catalogue import Catalogue, TextMissingError
from youyue.cli.desk import CATALOGUES, said
from youyue.cli.refusals import FAILED, USAGE, refuse

_WRONG_WORDS = {
    *(CaseRefusal.REASON_MISSING, CaseRefusal.NOT_ALLOWED, CaseRefusal.SURVIVOR_MISSING, CaseRefusal.NO_SUCH_CASE),
    *(MergeRefusal.REASON_MISSING, MergeRefusal.CARD_CHOICE_MISSING, MergeRefusal.CARD_CHOICE_IDLE, MergeRefusal.NO_SUCH_MERGE),
}
_OF_CARDS = {EffectKind.CARD_ENDS, EffectKind.CARD_BOUND, EffectKind.CARD_MOVES, EffectKind.CARD_STATE}


@contextmanager
def in_words() -> Iterator[None]:
    """Let a command that is refused end with one line, every reason in it."""
    try:
        yield
    except (CaseRefusedError, MergeRefusedError) as error:
        told = "; ".join(said(_key_of(code)) for code in error.codes)
        refuse(told, USAGE if set(error.codes) <= _WRONG_WORDS else FAILED)
    except RegistryMovedError:
        refuse(said("roster.moved"))


def _key_of(code: CaseRefusal | MergeRefusal) -> str:
    return f"case.refused.{code}" if isinstance(code, CaseRefusal) else f"merge.refused.{code}"


def effect_lines(effects: Iterable[Effect]) -> list[str]:
    """Each effect in every language; one line that says so where there is none."""
    lines = [" / ".join(effect_in_words(one, catalogue) for catalogue in CATALOGUES) for one in effects]
    return lines or [said("case.changes_nothing")]


def effect_in_words(effect: Effect, catalogue: Catalogue) -> str:
    """An effect in one language."""
    key = {EffectKind.CASE_OPENED: "case.kind"}.get(effect.kind, "desk.kind" if effect.kind in _OF_CARDS else "case.rows")
    try:
        of = catalogue.say(f"{key}.{effect.of}") if effect.of else ""
    except TextMissingError:  # a table that has no word of its own
        of = effect.of
    return catalogue.say(f"case.effect.{effect.kind}", of=of, count=effect.count)


def rows_in_words(table: str, catalogue: Catalogue) -> str:
    """What the rows of a table are called."""
    try:
        return catalogue.say(f"case.rows.{table}")
    except TextMissingError:
        return table


def card_choices(words: Iterable[str], accounts: Mapping[str, PatronId]) -> dict[CardKind, PatronId]:
    """Whose card of each kind stays, as ``easycard=first``; ``accounts`` are the words for the two."""
    chosen: dict[CardKind, PatronId] = {}
    for word in words:
        kind, _, whose = word.partition("=")
        if kind not in set(CardKind) or whose not in accounts:
            refuse(f"--card {word}: write a kind of card and {' or '.join(accounts)}, such as easycard={next(iter(accounts), '')}", USAGE)
        chosen[CardKind(kind)] = accounts[whose]
    return chosen

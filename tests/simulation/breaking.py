"""How a rule is broken: small changes of product code, made in memory and taken back."""

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.simulation.peopled import FAULTS


@dataclass(frozen=True)
class Put:
    """``owner.name`` is ``value`` instead."""

    owner: Any
    name: str
    value: Any


@dataclass(frozen=True)
class Rewrite:
    """In the function ``owner.name`` the text ``find``, which stands there once, is ``instead``. ``owner`` is who calls it by that name."""

    owner: Any
    name: str
    find: str
    instead: str

    @property
    def value(self) -> Any:
        function = getattr(self.owner, self.name)
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.find) != 1:
            message = f"{self.name} holds {self.find!r} {source.count(self.find)} times instead of once"
            raise ValueError(message)
        made: dict[str, Any] = {}
        exec(source.replace(self.find, self.instead), function.__globals__, made)  # noqa: S102 - our own source, changed
        return made[self.name]


@dataclass(frozen=True)
class Mutant:
    """``rule`` of the design is broken in the way that ``says`` tells; ``faults`` are those of the worlds that should notice."""

    name: str
    rule: str
    says: str
    changes: tuple[Put | Rewrite, ...]
    faults: tuple[str, ...] = FAULTS


@contextmanager
def broken(mutant: Mutant) -> Iterator[None]:
    """Within this the rule is broken."""
    values = [(one.owner, one.name, one.value, getattr(one.owner, one.name)) for one in mutant.changes]
    try:
        for owner, name, value, _ in values:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, _, sound in values:
            setattr(owner, name, sound)

"""What the program needs of other packages, and whether what is installed will do. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?P<limits>[^;]*)(?:;(?P<marker>.*))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"](?P<extra>[^'\"]+)['\"]")
_LIMIT = re.compile(r"(?P<sign>>=|==|<=|<|>|!=|~=)\s*(?P<version>[\w.]+)")


@dataclass(frozen=True, slots=True)
class Need:
    """A package and the limits of its version, such as ``>=2.1``."""

    name: str
    limits: str

    def is_met_by(self, version: str) -> bool:
        """Whether this version keeps all limits. Only releases are compared: ``2.1rc1`` counts as 2.1."""
        return all(_kept(found["sign"], _release(version), _release(found["version"])) for found in _LIMIT.finditer(self.limits))


def needs_of(requirements: Iterable[str], extra: str) -> Iterator[Need]:
    """The needs of everybody and those of one extra, from a package's own list."""
    for requirement in requirements:
        found = _REQUIREMENT.match(requirement.strip())
        if found is None:
            continue
        marker = _EXTRA.search(found["marker"] or "")
        if marker is None or marker["extra"] == extra:
            yield Need(found["name"], found["limits"].strip(" ()"))


def _release(version: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in numbers[0].split(".")] if numbers else [0]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)


def _kept(sign: str, ours: tuple[int, ...], limit: tuple[int, ...]) -> bool:
    match sign:
        case ">=" | "~=":
            return ours >= limit
        case "==":
            return ours == limit
        case "<=":
            return ours <= limit
        case "<":
            return ours < limit
        case ">":
            return ours > limit
        case _:
            return ours != limit

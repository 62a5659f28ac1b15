"""The store of branches, rules, blocks and loans."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, select

from circulation.blocks import Block
from circulation.ids import BranchCode, PatronId
from circulation.loans import Loan
from circulation.rules import RuleBook, RuleSet
from registry.database import UnitOfWork
from registry.lending.tables import block, branch, loan, rule_set
from replica.library_rows import read_by_class, written_by_class

_CODE = re.compile(r"[A-Za-z0-9-]{1,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the library."""

    code: BranchCode
    name: str
    district: str = ""


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """A block with its key and its patron."""

    id: UUID
    patron: PatronId
    block: Block


def add_branches(work: UnitOfWork, branches: Iterable[Branch]) -> int:
    """Add branches.

    Raises:
        ValueError: a code is not 1 to 16 letters, digits and hyphens; snapshot files are named by it.

    """
    return work.add(branch, ((_checked(b.code), b.name, b.district) for b in branches))


def _checked(code: str) -> str:
    if not _CODE.fullmatch(code):
        message = f"{code!r} is no branch code: 1 to 16 letters, digits and hyphens"
        raise ValueError(message)
    return code


def branch_name(connection: Connection, code: str) -> str | None:
    """The short name of a branch; nothing when there is none of this code."""
    found: str | None = connection.execute(select(branch.c.name).where(branch.c.code == code)).scalar_one_or_none()
    return found


def add_rule_sets(work: UnitOfWork, rule_sets: Iterable[RuleSet]) -> int:
    """Add rule sets; one that is in force is never changed, a later version takes its place."""
    return work.add(rule_set, ((r.version, r.effective_from, r.source, written_by_class(r.by_class), None, None, None) for r in rule_sets))


def rule_book(connection: Connection) -> RuleBook:
    """All rule sets."""
    found = connection.execute(select(rule_set))
    return RuleBook.of(RuleSet(row.version, row.effective_from, row.source, read_by_class(row.by_class)) for row in found)


def add_blocks(work: UnitOfWork, blocks: Iterable[BlockRecord]) -> int:
    """Add blocks."""
    return work.add(block, ((b.id, b.patron, b.block.code, b.block.until) for b in blocks))


def lift_block(work: UnitOfWork, key: UUID) -> PatronId | None:
    """Take a block away; whose it was, nothing when there was none."""
    return work.connection.execute(delete(block).where(block.c.id == key).returning(block.c.patron)).scalar_one_or_none()


def add_loans(work: UnitOfWork, loans: Iterable[Loan]) -> int:
    """Add open loans that no kiosk of this registry made. Titles and kinds are the items' own and not stored twice."""
    return work.add(loan, ((one.id, one.patron, one.item, one.due, one.lent_at, one.renewals, None, None, None) for one in loans))

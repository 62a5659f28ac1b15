"""Rows that the Bureau's system sends: read as a file's would be, into the same pipeline, with an answer for each of them."""

import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec

from circulation.cards import NumberForm
from registry.database import Database, UnitOfWork
from registry.outside import Outside
from registry.rosters import store_requests
from registry.rosters.arrival import Arrival, ConsentDeclaration
from registry.rosters.batches import BatchDesk, Brought
from registry.rosters.given import GivenRows, ages_counted_at
from registry.rosters.headings import LAYOUTS, Columns, Field, RosterKind
from registry.rosters.plan import Outcome
from registry.rosters.policy import RosterPolicy
from registry.rosters.problems import Problem
from registry.rosters.row_reader import RowReader, Terms
from registry.rosters.sheet import RawRow
from registry.rosters.sorting import Sorted, sorted_out
from registry.rosters.store_batches import Channel
from registry.rosters.store_requests import KeptAnswer
from registry.rosters.wire import BureauAnswer, BureauRows, RowAnswer, RowProblem, kind_of
from registry.schools.store import branch_of_school
from registry.settings import RegistrySettings
from texts.catalogue import Catalogue, open_catalogue

BUREAU = "bureau"
"""The sender of everything that comes this way."""
_MEMBERS = {
    Field.NATIONAL_ID: "national_id",
    Field.BIRTH_DATE: "birth_date",
    Field.NAME: "name",
    Field.CARD_NUMBER: "card",
    Field.NEW_CARD_NUMBER: "card",
    Field.HOUSEHOLD_ADDRESS: "household_address",
    Field.SCHOOL_PHONE: "school_phone",
    Field.SCHOOL_CODE: "school_code",
    Field.STUDENT_NUMBER: "student_number",
    Field.ISSUED_ON: "issued_on",
    Field.OLD_CARD_NUMBER: "old_card",
    Field.REASON: "reason",
    Field.LEAVING: "leaving",
    Field.LEFT_ON: "left_on",
    Field.LOST_ON: "lost_on",
    Field.CONSENT: "consent",
}


class KeyUsedError(Exception):
    """The key of these rows was used for others."""


class BureauDesk:
    """Takes rows from the Bureau's system."""

    def __init__(self, database: Database, outside: Outside, batches: BatchDesk, settings: RegistrySettings) -> None:
        self._database = database
        self._outside = outside
        self._batches = batches
        self._settings = settings
        self._catalogues = (open_catalogue("zh_TW"), open_catalogue("en"))

    def take(self, sent: BureauRows, body: bytes, *, by: str) -> BureauAnswer:
        """Run rows, or stage them where the library says so; the same body with the same key has the same answer.

        Args:
            sent: the rows.
            body: the bytes they came in.
            by: the partner that sent them.

        Raises:
            KeyUsedError: another body came with this key.
            RegistryMovedError: somebody else has written what contradicts the rows: send them again.

        """
        digest = hashlib.sha256(body).digest()

        def take(work: UnitOfWork) -> BureauAnswer:
            kept = store_requests.find(work.connection, sent.key)
            if kept is not None:
                if (kept.partner, kept.digest) != (by, digest):
                    raise KeyUsedError
                return msgspec.json.decode(kept.answer, type=BureauAnswer)
            found = self._read(sent, frozenset(branch_of_school(work.connection)))
            arrival = self._arrival(sent, found, digest)
            at_once = kind_of(sent) in self._policy.at_once and arrival.names_consent
            brought = self._batches.bring_in(work, arrival, by=by, at_once=at_once)
            answer = self._answer(len(sent.rows), found, brought)
            kept = KeptAnswer(sent.key, by, digest, msgspec.json.encode(answer), self._outside.now())
            store_requests.keep(work, kept)
            return answer

        return self._database.write(take)

    @property
    def _policy(self) -> RosterPolicy:
        return self._settings.rosters

    def _read(self, sent: BureauRows, schools: frozenset[str]) -> Sorted:
        columns = _columns(sent)
        terms = Terms(self._today(), ages_counted_at(sent.school_year), NumberForm.HEX, schools)
        read = RowReader(columns, terms).of(kind_of(sent))
        rows = (RawRow(number, tuple(str(getattr(row, member)) for member in columns.headings)) for number, row in enumerate(sent.rows))
        return sorted_out(map(read, rows), columns)

    def _today(self) -> date:
        return self._outside.now().astimezone(self._settings.zone).date()

    @staticmethod
    def _arrival(sent: BureauRows, found: Sorted, digest: bytes) -> Arrival:
        declared = None if sent.declared is None else ConsentDeclaration(sent.declared.form_version, sent.declared.cohort)
        given = GivenRows(
            *(kind_of(sent), sent.school_year, found.rows, found.not_consented),
            *(len(found.bad), len(found.repeated), len(found.warnings)),
        )
        return Arrival(given, digest, names_consent=True, declaration=declared, sender=BUREAU, channel=Channel.API)

    def _answer(self, count: int, found: Sorted, brought: Brought) -> BureauAnswer:
        problems: dict[int, list[Problem]] = {}
        for bad in found.bad:
            problems.setdefault(bad.number, []).extend(bad.problems)
        for number, warning in found.warnings:
            problems.setdefault(number, []).append(warning)
        outcomes = {
            **brought.outcomes,
            **{bad.number: Outcome.REFUSED for bad in found.bad},
            **{one.number: Outcome.NOT_CONSENTED for one in found.not_consented},
            **dict.fromkeys(found.repeated, Outcome.REPEATED),
        }
        rows = tuple(
            RowAnswer(
                number,
                str(outcomes[number]),
                str(brought.held[number]) if number in brought.held else "",
                tuple(_said(problem, self._catalogues) for problem in problems.get(number, ())),
            )
            for number in range(count)
        )
        unusual = tuple(str(one.reason) for one in brought.unusual)
        return BureauAnswer("unchanged" if brought.state is None else str(brought.state), rows, brought.batch, unusual)


def _columns(sent: BureauRows) -> Columns:
    """The members of a row as the columns of a file. With a declaration for all rows nobody asks each of them."""
    fields = [field for field in LAYOUTS[kind_of(sent)].fields if field is not Field.CONSENT or _asks_each(sent)]
    return Columns({field: place for place, field in enumerate(fields)}, tuple(_MEMBERS[field] for field in fields), ())


def _asks_each(sent: BureauRows) -> bool:
    if any(row.consent for row in sent.rows):
        return True
    return kind_of(sent) is RosterKind.BUREAU_STUDENTS and sent.declared is None


def _said(problem: Problem, catalogues: Sequence[Catalogue]) -> RowProblem:
    zh, en = (catalogue.say(f"roster.problem.{problem.code}", other=problem.other_row) for catalogue in catalogues)
    return RowProblem(problem.column, str(problem.code), zh, en)

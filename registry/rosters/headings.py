"""Columns by their headings: schools write them in many ways, and in any order."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique

from registry.rosters.problems import FileFault, RosterFileError


@unique
class RosterKind(StrEnum):
    """The kinds of roster."""

    BUREAU_STUDENTS = "bureau-students"
    """The Education Bureau's file of consenting pupils with their card numbers (Q3-2c)."""
    SCHOOL_CONTACTS = "school-contacts"
    """A school's contact data of its pupils (Q3-1a)."""
    REISSUES = "reissues"
    """New cards of participating pupils (補發, Q6-3a)."""
    LEAVINGS = "leavings"
    """Cards that were cancelled or handed in when a pupil left (註銷、繳回, Q7-a, Q7-b)."""
    LOSSES = "losses"
    """Losses that the Bureau tells of (R18)."""


@unique
class Field(StrEnum):
    """What a column may hold."""

    NAME = "姓名"
    NATIONAL_ID = "身分證字號"
    BIRTH_DATE = "出生年月日"
    HOUSEHOLD_ADDRESS = "戶籍地址"
    SCHOOL_PHONE = "學校電話"
    CARD_NUMBER = "悠遊卡號"
    CONSENT = "同意"
    SCHOOL_CODE = "學校代碼"
    STUDENT_NUMBER = "學號"
    POSTAL_CODE = "郵遞區號"
    ADDRESS = "通訊地址"
    PHONE = "通訊電話"
    MOBILE = "行動電話"
    GUARDIAN = "家長姓名"
    SCHOOL_NAME = "學校名稱"
    BRANCH = "指定閱覽單位"
    ISSUED_ON = "發卡日期"
    NEW_CARD_NUMBER = "新悠遊卡號"
    OLD_CARD_NUMBER = "舊悠遊卡號"
    REASON = "補發原因"
    LEAVING = "異動類別"
    LEFT_ON = "離校日期"
    LOST_ON = "掛失日期"


_SPELLINGS: Mapping[Field, str] = {
    Field.NAME: "姓名 學生姓名 中文姓名 name",
    Field.NATIONAL_ID: "身分證字號 身份證字號 身分證號 身份證號 身分證統一編號 身份證統一編號 國民身分證統一編號 統一證號 "
    "身分證字號/統一證號 身分證號/統一證號 居留證號 nationalid idnumber",
    Field.BIRTH_DATE: "出生年月日 生日 出生日期 出生日 dateofbirth birthdate birthday",
    Field.HOUSEHOLD_ADDRESS: "戶籍地址 戶籍住址 householdaddress registeredaddress",
    Field.SCHOOL_PHONE: "學校電話 學校聯絡電話 schoolphone",
    Field.CARD_NUMBER: "悠遊卡號 悠遊卡卡號 悠遊卡號碼 學生證卡號 數位學生證卡號 卡號內碼 悠遊卡內碼 卡片內碼 內碼 卡號 cardnumber",
    Field.CONSENT: "同意 是否同意 同意書 家長同意 同意與否 consent",
    Field.SCHOOL_CODE: "學校代碼 學校代號 學校編號 schoolcode",
    Field.STUDENT_NUMBER: "學號 學籍號 學生學號 studentnumber",
    Field.POSTAL_CODE: "郵遞區號 郵區 postalcode zip",
    Field.ADDRESS: "通訊地址 通訊住址 聯絡地址 現居地址 居住地址 address",
    Field.PHONE: "通訊電話 聯絡電話 住家電話 家中電話 電話 市話 phone",
    Field.MOBILE: "行動電話 手機 手機號碼 家長手機 行動電話號碼 mobile",
    Field.GUARDIAN: "家長姓名 監護人 監護人姓名 家長 法定代理人 guardian",
    Field.SCHOOL_NAME: "學校名稱 學校 校名 schoolname school",
    Field.BRANCH: "指定閱覽單位 閱覽單位 指定分館 分館 館別 branch",
    Field.ISSUED_ON: "發卡日期 發卡日 製卡日期 補發日期 補發日 補卡日期 issuedon issuedate",
    Field.NEW_CARD_NUMBER: "新悠遊卡號 新悠遊卡卡號 新卡號 新卡卡號 新卡內碼 補發卡號 補發悠遊卡號 newcardnumber",
    Field.OLD_CARD_NUMBER: "舊悠遊卡號 舊悠遊卡卡號 舊卡號 舊卡卡號 舊卡內碼 原卡號 原悠遊卡號 oldcardnumber",
    Field.REASON: "補發原因 補卡原因 原因 reason",
    Field.LEAVING: "異動類別 異動別 離校類別 卡片處理 處理方式 leaving",
    Field.LEFT_ON: "離校日期 異動日期 畢業日期 離校日 lefton",
    Field.LOST_ON: "掛失日期 遺失日期 掛失日 遺失日 loston",
}

_REMARK = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a kind of file; of each group in ``one_of`` one must be there."""

    needed: tuple[Field, ...]
    optional: tuple[Field, ...]
    one_of: tuple[Field, ...] = ()
    own: Mapping[str, Field] = field(default_factory=dict)
    """What a sender's own headings mean, by their folded form."""

    def field_of(self, heading: str) -> Field | None:
        """What a heading means here; none for one that is not read."""
        plain = folded(heading)
        found = self.own.get(plain) or _FIELD_OF.get(plain)
        return found if found in self.fields else None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every column that is read; others are left alone, whatever they hold (Q3-2d)."""
        return (*self.needed, *self.one_of, *self.optional)


LAYOUTS: Mapping[RosterKind, Layout] = {
    RosterKind.BUREAU_STUDENTS: Layout(
        (Field.NAME, Field.NATIONAL_ID, Field.BIRTH_DATE, Field.CARD_NUMBER),
        (Field.CONSENT, Field.HOUSEHOLD_ADDRESS, Field.SCHOOL_PHONE, Field.SCHOOL_CODE, Field.STUDENT_NUMBER, Field.ISSUED_ON),
    ),
    RosterKind.SCHOOL_CONTACTS: Layout(
        (Field.NAME, Field.NATIONAL_ID, Field.BIRTH_DATE, Field.ADDRESS),
        (Field.CONSENT, Field.POSTAL_CODE, Field.GUARDIAN),
        (Field.PHONE, Field.MOBILE),
    ),
    RosterKind.REISSUES: Layout(
        (Field.NATIONAL_ID, Field.BIRTH_DATE, Field.NEW_CARD_NUMBER, Field.ISSUED_ON), (Field.CONSENT, Field.OLD_CARD_NUMBER, Field.REASON)
    ),
    RosterKind.LEAVINGS: Layout((Field.NATIONAL_ID, Field.BIRTH_DATE, Field.LEAVING, Field.LEFT_ON), (Field.CONSENT, Field.CARD_NUMBER)),
    RosterKind.LOSSES: Layout((Field.NATIONAL_ID, Field.BIRTH_DATE, Field.LOST_ON), (Field.CONSENT, Field.CARD_NUMBER)),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, how the file calls it, and the headings that are not read."""

    places: Mapping[Field, int]
    headings: tuple[str, ...]
    ignored: tuple[str, ...]

    def heading(self, field: Field) -> str:
        """The heading as the file writes it, fit to be shown."""
        place = self.places.get(field)
        return str(field) if place is None else shown_heading(self.headings[place])


def folded(heading: str) -> str:
    """A heading without the differences that mean nothing: width, case, blanks, a remark in brackets, a star."""
    plain = "".join(unicodedata.normalize("NFKC", heading).replace("_", "").split()).casefold().strip("*:#")
    return _REMARK.sub("", plain).strip("*:#") or plain


_FIELD_OF: Mapping[str, Field] = {folded(spelling): field for field, spellings in _SPELLINGS.items() for spelling in spellings.split()}


def field_called(name: str) -> Field | None:
    """The column that somebody names in any of its spellings."""
    return _FIELD_OF.get(folded(name))


def known_headings(layout: Layout, cells: Iterable[str]) -> int:
    """How many cells are headings of this kind of file."""
    return sum(layout.field_of(cell) is not None for cell in cells)


def shown_heading(heading: str) -> str:
    """A heading as text for a terminal: short, without control characters."""
    return "".join(character for character in heading if character.isprintable()).strip()[:40]


def map_headings(headings: Sequence[str], layout: Layout) -> Columns:
    """Find the columns.

    Raises:
        RosterFileError: a heading stands twice, two mean the same, or one that is needed is missing.

    """
    places: dict[Field, int] = {}
    seen: dict[str, int] = {}
    ignored: list[str] = []
    # Where not one heading is known it is a row of somebody's data, of which no message may quote a word.
    for place, heading in enumerate(headings if known_headings(layout, headings) else ()):
        plain = folded(heading)
        if not plain:
            continue
        if plain in seen:
            raise RosterFileError(FileFault.HEADING_TWICE, first=shown_heading(headings[seen[plain]]), second=shown_heading(heading))
        seen[plain] = place
        found = layout.field_of(heading)
        if found is None:
            ignored.append(shown_heading(heading))
        elif found in places:
            first = shown_heading(headings[places[found]])
            raise RosterFileError(FileFault.HEADING_TWICE, first=first, second=shown_heading(heading))
        else:
            places[found] = place
    missing = _missing(layout, places)
    if missing is not None:
        raise missing
    return Columns(places, tuple(headings), tuple(ignored))


def _missing(layout: Layout, places: Mapping[Field, int]) -> RosterFileError | None:
    missing = [str(field) for field in layout.needed if field not in places]
    if layout.one_of and not any(field in places for field in layout.one_of):
        missing.append("／".join(layout.one_of))
    return RosterFileError(FileFault.COLUMNS_MISSING, columns="、".join(missing)) if missing else None

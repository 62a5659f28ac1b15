"""One file as it comes from a real office: cp950 with user-defined characters, twins, rows twice, what a spreadsheet did to numbers.

The report is exactly what the table says, row by row and in both languages; what was stored is exactly the rest.
"""

from pathlib import Path

from registry.rosters.report import preview_lines, problem_lines, warning_lines
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil, an_order, csv_bytes
from texts.catalogue import open_catalogue

BOTH = (open_catalogue("zh_TW"), open_catalogue("en"))
EUDC = "\ue000"
EUDC_IN_CP950 = b"\xfa\x40"
"""The first user-defined character of Windows, which is U+E000 there."""

KNOWN = (
    a_pupil(name="周小明", national_id="N142321999", born="0990315", card="04AEEE01"),
    a_pupil(name="吳小華", national_id="V237441929", born="0990401", card="04AEEE02"),
    a_pupil(name="鄭小美", national_id="V150615998", born="0990501", card="04AEEE03"),
    a_pupil(name="謝小安", national_id="E296663747", born="0990601", card="04AEEE04"),
    a_pupil(name="許小平", national_id="A294742278", born="0990701", card="04AEEE05"),
    a_pupil(name="蔡小天", national_id="G288319072", born="0990801", card="04AEEE06"),
)
"""Came with an earlier file."""

A, B, C = "悠遊卡號", "出生年月日", "身分證字號"
CREATED, CHANGED, REPLACED, UNCHANGED, HELD = "created", "changed", "replaced", "unchanged", "held"
REPEATED, NOT_CONSENTED, REFUSED = "repeated", "not_consented", "refused"

#   what the row is                                       what becomes of it, and what the report says: column, Chinese, English
ROWS: list[tuple[tuple[str, ...], str, list[tuple[str, str, str]]]] = [
    # 2: known, and nothing of it is new
    (a_pupil(name="周小明", national_id="N142321999", born="0990315", card="04AEEE01"), UNCHANGED, []),
    # 3: known, with a new card
    (a_pupil(name="吳小華", national_id="V237441929", born="99/4/1", card="04BEEE02"), REPLACED, []),
    # 4: known, another address
    (a_pupil(name="鄭小美", national_id="V150615998", born="0990501", card="04AEEE03", address="臺北市虛構路9號"), CHANGED, []),
    # 5: known under another name: bound at once, and a case
    (a_pupil(name="謝曉安", national_id="E296663747", born="0990601", card="04AEEE04"), UNCHANGED, []),
    # 6: the number of one, the birth date of another: nothing is bound, a case
    (a_pupil(name="許小平", national_id="A294742278", born="0990702", card="04AEEE05"), HELD, []),
    # 7: the card of somebody else: nothing is taken over, a case
    (a_pupil(name="孫小風", national_id="B142984889", card="04AEEE06"), HELD, []),
    # 8, 9: twins share all but number and card
    (a_pupil(name="王大雙", national_id="Y232965345", born="99/3/5", card="04CEEE01"), CREATED, []),
    (a_pupil(name="王小雙", national_id="E154732030", born="99/3/5", card="04CEEE02"), CREATED, []),
    # 10: row 8 again; 11: row 9 again, its date and its number written otherwise
    (a_pupil(name="王大雙", national_id="Y232965345", born="99/3/5", card="04CEEE01"), REPEATED, []),
    (a_pupil(name="王小雙", national_id="Ｅ１５４７３２０３０", born="民國99年3月5日", card="04:CE:EE:02"), REPEATED, []),
    # 12: a user-defined character; 13: characters that big5 lacks
    (
        a_pupil(name=f"陳{EUDC}", national_id="A273812471", born="2010-03-05", card="04CEEE03"),
        CREATED,
        [("姓名", "有造字，請核對這個字", "has a user-defined character, please check it")],
    ),
    (a_pupil(name="碁恒裏粧", national_id="T235530976", born="20100305", card="04CEEE04"), CREATED, []),
    # 14, 15: day and month
    (
        a_pupil(national_id="M123760126", born="99/15/03", card="04DEEE01"),
        REFUSED,
        [(B, "月和日好像寫反了（99/15/03）", "day and month look swapped (99/15/03)")],
    ),
    (
        a_pupil(national_id="L185313444", born="03/05/2010", card="04DEEE02"),
        REFUSED,
        [
            (
                B,
                "年份寫在最後，分不出月和日（03/05/2010）",
                "the year stands last, so day and month can't be told apart (03/05/2010)",
            )
        ],
    ),
    # 16: 30 February
    (
        a_pupil(national_id="P219526021", born="099/02/30", card="04DEEE03"),
        REFUSED,
        [(B, "日曆上沒有這一天（099/02/30）", "no calendar has this day (099/02/30)")],
    ),
    # 17 to 19: card numbers after a spreadsheet
    (
        a_pupil(national_id="N217401753", card="4.58E+15"),
        REFUSED,
        [
            (
                A,
                "試算表把號碼變成科學記號了，請改成文字格式再填一次（4****5）",
                "a spreadsheet has written the number in scientific notation: format the column as text and enter it again (4****5)",
            )
        ],
    ),
    (
        a_pupil(national_id="A127116062", card="4580012345678900"),
        REFUSED,
        [
            (
                A,
                "試算表把後面的數字變成 0 了，請改成文字格式再填一次（4**********0）",
                "a spreadsheet has turned the last digits into zeros: format the column as text and enter it again (4**********0)",
            )
        ],
    ),
    (
        a_pupil(national_id="A163893408", card="4123456"),
        REFUSED,
        [
            (
                A,
                "開頭的 0 好像被試算表刪掉了，請改成文字格式再填一次（4*****6）",
                "a spreadsheet seems to have dropped the leading zero: format the column as text and enter it again (4*****6)",
            )
        ],
    ),
    # 20: so lost a phone its zero, which stops nobody
    (
        a_pupil(name="何小光", national_id="H165084771", card="04CEEE05", phone="223456789"),
        CREATED,
        [
            (
                "學校電話",
                "開頭的 0 好像被試算表刪掉了，請改成文字格式再填一次（2*******9）",
                "a spreadsheet seems to have dropped the leading zero: format the column as text and enter it again (2*******9)",
            )
        ],
    ),
    # 21: a typing error; two things wrong at once
    (
        a_pupil(national_id="E158107098", born="", card="04DEEE04"),
        REFUSED,
        [
            (C, "證號的檢查碼不對，請核對（E********8）", "the check digit is wrong, please compare with the document (E********8)"),
            (B, "沒有填寫", "nothing is written here"),
        ],
    ),
    # 22, 23: one number, two cards: nobody can say which
    (
        a_pupil(name="高小山", national_id="S223272879", card="04DEEE05"),
        REFUSED,
        [(C, "和第 23 列矛盾，兩列都不匯入", "contradicts row 23: neither is taken")],
    ),
    (
        a_pupil(name="高小山", national_id="S223272879", card="04DEEE06"),
        REFUSED,
        [(C, "和第 22 列矛盾，兩列都不匯入", "contradicts row 22: neither is taken")],
    ),
    # 24: an adult of an evening school
    (
        a_pupil(name="林大方", national_id="F119811866", born="0750315", card="04CEEE06"),
        CREATED,
        [(B, "年齡不在 5 到 20 歲之間，請核對（1986-03-15）", "the age is outside 5 to 20 years, please check (1986-03-15)")],
    ),
    # 25: no; 26: nobody knows
    (a_pupil(name="不同意", national_id="C216461256", card="04DEEE07", consent="否"), NOT_CONSENTED, []),
    (
        a_pupil(name="不清楚", national_id="B190114446", card="04DEEE08", consent="?"),
        REFUSED,
        [("同意", "看不出同意或不同意", "neither a clear yes nor a clear no")],
    ),
    # 27: a comma too many
    (
        (*a_pupil(national_id="B155357001", card="04DEEE09"), "五樓"),
        REFUSED,
        [("同意", "格子比標題多，資料可能移位了", "more cells than headings: the row may be shifted")],
    ),
]


def the_file(folder: Path) -> Path:
    """The rows in cp950; Python's codec knows no user-defined characters, Windows' does."""
    path = folder / "roster.csv"
    before, after = csv_bytes([HEADINGS, *(row for row, _, _ in ROWS)]).decode().split(EUDC)
    path.write_bytes(before.encode("cp950") + EUDC_IN_CP950 + after.encode("cp950"))
    return path


def expected_lines(*, taken: bool) -> list[str]:
    """What the table says of rows that are taken (notes) or not."""
    return [
        line
        for number, (_, outcome, said) in enumerate(ROWS, start=2)
        if (outcome != REFUSED) == taken
        for column, chinese, english in said
        for line in (
            f"{'提醒 ' if taken else ''}第 {number} 列「{column}」：{chinese}",
            f"{'Note: ' if taken else ''}Row {number}, “{column}”: {english}",
        )
    ]


def test_the_report_is_exactly_the_table(counter: Counter, tmp_path: Path) -> None:
    counter.bureau(*KNOWN)
    loaded = counter.desk.load(an_order(the_file(tmp_path)))
    preview = counter.desk.preview(loaded, by="lin")

    assert list(problem_lines(loaded, BOTH)) == expected_lines(taken=False)
    assert list(warning_lines(loaded, BOTH)) == expected_lines(taken=True)
    outcomes = [outcome for _, outcome, _ in ROWS]
    assert list(preview_lines(loaded, preview, BOTH)) == [
        "      26  檔案裡的資料列 / rows in the file",
        "       6  新建讀者 / patrons created",
        "       1  更新 / changed",
        "       1  換成新卡號 / numbers replaced",
        "       2  沒有改變 / unchanged",
        "       2  只開立待處理案件，沒有綁卡 / held as a case, nothing bound",
        "       2  重複的資料列，只算一次 / repeated rows, taken once",
        "       1  不同意，什麼都不保存 / without consent, nothing kept",
        "      11  有錯誤，不匯入 / wrong, not taken in",
        "       0  聯絡資料補齊 / contact data now complete",
        "       3  新的待處理案件 / cases opened",
        "       1  證號相同，生日不同 / same ID, another birth date",
        "       1  姓名與館內資料不同 / the name differs from the record",
        "       1  卡號已屬於別人 / the number is bound to somebody else",
        "       3  提醒 / warnings",
        "編碼：cp950+eudc / encoding: cp950+eudc",
    ]
    assert {outcome: outcomes.count(outcome) for outcome in outcomes} == counter.outcomes(preview)


def test_what_is_stored_is_exactly_the_rows_that_were_taken(counter: Counter, tmp_path: Path) -> None:
    counter.bureau(*KNOWN)
    before = set(counter.sql("SELECT name, national_id FROM patron"))
    cards = set(counter.sql("SELECT uid FROM card"))

    counter.store(counter.desk.load(an_order(the_file(tmp_path))))

    created = [row for row, outcome, _ in ROWS if outcome == CREATED]
    assert set(counter.sql("SELECT name, national_id FROM patron")) - before == {(row[0], row[1]) for row in created}
    assert set(counter.sql("SELECT uid FROM card")) - cards == {(row[5],) for row in created} | {("04BEEE02",)}
    assert cards - set(counter.sql("SELECT uid FROM card")) == {("04AEEE02",)}
    stored = repr(counter.dump())
    assert not [row[1] for row, outcome, _ in ROWS if outcome in {REFUSED, NOT_CONSENTED} and row[1] in stored]


def test_the_same_file_again_changes_nothing(counter: Counter, tmp_path: Path) -> None:
    counter.bureau(*KNOWN)
    file = the_file(tmp_path)
    counter.store(counter.desk.load(an_order(file)))
    before = counter.dump()

    again = counter.store(counter.desk.load(an_order(file)))

    assert counter.dump() == before
    assert counter.outcomes(again) == {UNCHANGED: 10, HELD: 2, REPEATED: 2, NOT_CONSENTED: 1, REFUSED: 11}
    assert again.cases_opened == 0

"""What a change did to the rows of some patrons, and what that means in words."""

from hypothesis import given
from hypothesis import strategies as st

from registry.belongings.footprint import Effect, EffectKind, RowChange, changes_between, effects_of

CARD = {"id": "1", "patron": "a", "kind": "easycard", "uid": "04A32B1C", "state": "active"}
RECORD = {"id": "a", "name": "王小明", "masked_name": "王○○", "contact_complete": True}
TABLES = st.dictionaries(
    st.sampled_from(["patron", "card", "loan", "pin"]),
    st.dictionaries(st.tuples(st.integers(0, 3)), st.fixed_dictionaries({"id": st.integers(0, 3), "patron": st.sampled_from("ab")})),
)


@given(TABLES)
def test_where_nothing_changed_nothing_is_told(rows: dict[str, dict[tuple[int, ...], dict[str, object]]]) -> None:
    assert changes_between(rows, rows) == []


@given(TABLES, TABLES)
def test_the_way_back_is_the_way_there_turned_round(
    before: dict[str, dict[tuple[int, ...], dict[str, object]]], after: dict[str, dict[tuple[int, ...], dict[str, object]]]
) -> None:
    there, back = changes_between(before, after), changes_between(after, before)
    turned = [(one.table, one.after, one.before) for one in there]
    assert sorted(map(repr, turned)) == sorted(repr((one.table, one.before, one.after)) for one in back)


def test_equal_effects_are_counted_together_and_name_nobody() -> None:
    loans = [RowChange("loan", {"id": n, "patron": "a"}, {"id": n, "patron": "b"}) for n in range(3)]
    changes = [*loans, RowChange("card", CARD, None), RowChange("patron", RECORD, {**RECORD, "name": "王曉明"})]
    assert set(effects_of(changes)) == {
        Effect(EffectKind.ROWS_MOVE, "loan", 3),
        Effect(EffectKind.CARD_ENDS, "easycard"),
        Effect(EffectKind.NAME_CHANGES),
    }
    assert "王" not in repr(changes) + repr(effects_of(changes))


def test_a_row_whose_owner_is_part_of_its_key_moves_too() -> None:
    changes = [RowChange("pin", {"patron": "a"}, None), RowChange("pin", None, {"patron": "b"}), RowChange("pin", {"patron": "c"}, None)]
    assert effects_of(changes) == [Effect(EffectKind.ROWS_GO, "pin"), Effect(EffectKind.ROWS_MOVE, "pin")]


def test_what_follows_a_name_and_what_says_the_same_twice_is_not_told() -> None:
    renamed = RowChange("patron", RECORD, {**RECORD, "name": "林新", "masked_name": "林○"})
    former = RowChange("former_card", None, {"card_key": "00", "patron": "a"})
    assert effects_of([renamed, former]) == [Effect(EffectKind.NAME_CHANGES)]

"""What a story of three school years must hold of everything: the names under which the script and the oracle count."""

from collections import Counter

from tests.story.script import Story

PLANTED = (
    *("rare name", "twin", "name differs", "old resident number"),
    *("refused consent", "wrong byte order", "swapped date", "impossible date", "missing number", "another name"),
    *("card of somebody else", "contradiction", "repeated row", "repeated file", "old file again"),
    *("kept back", "late row", "late school", "next school", "move"),
    *("loss undone", "loss by the Bureau stays", "loss told after the reissue", "loss after a reissue"),
    *("reissue that is older", "replaced number again"),
)
"""Troubles that the script plants on purpose."""

HEARD = (
    *("new patron", "replaced", "school before Bureau", "passed over", "consent from before it was taken back", "no such date"),
    *("AccountBefore", "DeskLoss", "DeskRestore", "DeskReplacement", "Withdrawal", "account ended"),
    *("reissue after a loss", "reissue without a loss", "reissue for a stranger", "lost by the Bureau", "handed in", "cancelled"),
    *("birth date of the Bureau differs", "birth date of a school differs"),
    *("case name_differs", "case birth_date_differs", "case possible_duplicate", "case number_bound_elsewhere"),
    *("case number_replaced", "case number_forms_match", "case reissue_older", "case missing_id"),
)
"""What the oracle has met."""


def counted(story: Story) -> Counter[str]:
    """How often each of these happened."""
    return Counter({name: story.planted[name] for name in PLANTED} | {name: story.oracle.seen[name] for name in HEARD})


def rarer_than(story: Story, least: int) -> dict[str, int]:
    """What happened less often than that."""
    return {name: count for name, count in counted(story).items() if count < least}

"""What the doctor says of the senders whose number form was found by comparing cards. Pure."""

from collections.abc import Iterable, Iterator

from registry.rosters.number_forms import SenderForm
from youyue.doctor.findings import Check, Finding, ok, warning


def judge_number_forms(senders: Iterable[SenderForm]) -> Iterator[Finding]:
    """Each sender's form; a warning where the latest files were read by another one: their cards may be bound wrongly."""
    for one in senders:
        values: dict[str, object] = {"sender": one.calibrated.sender, "form": str(one.calibrated.form), "count": one.calibrated.cards}
        yield ok(Check.SENDERS, "number_form", **values, at=one.calibrated.at)
        if one.read_before:
            others = ", ".join(one.read_before)
            yield warning(Check.SENDERS, "number_form_differs", **values, others=others, since=one.calibrated.at)

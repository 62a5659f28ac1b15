"""What a member types to sign in."""

from uuid import uuid4

import pytest

from circulation.cards import CardUid
from registry.desk.questions import ByNationalId, ByNumber, Question
from registry.mobile.desk import read_account
from registry.mobile.messages import CodesWanted, SignIn, SignOut


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a123456789", ByNationalId("A123456789")),
        ("AC01234567", ByNationalId("AC01234567")),
        ("A12345678901", ByNationalId("A12345678901")),
        ("04:a3:2b:1c", ByNumber(CardUid.from_hex("04A32B1C"))),
        ("04A1B2C3D4E580", ByNumber(CardUid.from_hex("04A1B2C3D4E580"))),
        ("", ByNationalId("")),
    ],
)
def test_no_number_is_both_a_cards_and_a_national_id(written: str, meant: Question) -> None:
    assert read_account(written) == meant


def test_no_message_shows_a_secret_where_it_is_printed() -> None:
    told = [SignIn(request=uuid4(), account="A123456789", pin="729401", device="小明"), CodesWanted(token=b"t" * 32)]
    said = repr([*told, SignOut(token=b"t" * 32, request=uuid4())])
    assert not [secret for secret in ("A123456789", "729401", "小明", "ttt") if secret in said]

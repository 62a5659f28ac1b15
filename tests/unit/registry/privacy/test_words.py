"""Every code of the privacy desk and of the audit trail has its sentence in every language."""

import pytest

from registry.audit.chain import Break
from registry.privacy.corrections import CorrectedField, Recipient
from registry.privacy.holdings import LeftOut
from registry.privacy.refusals import PrivacyRefusal
from registry.privacy.requests import Asker, RequestChannel, RequestOutcome
from registry.privacy.store_notices import DataSource
from registry.privacy.terms import BREACH, TRAIL, RequestKind
from texts.catalogue import languages, open_catalogue


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"privacy.refused.{code}" for code in PrivacyRefusal),
        *(f"privacy.kind.{kind}" for kind in (*RequestKind, BREACH, TRAIL)),
        *(f"privacy.channel.{one}" for one in RequestChannel),
        *(f"privacy.asker.{one}" for one in Asker),
        *(f"privacy.outcome.{one}" for one in RequestOutcome),
        *(f"privacy.field.{one}" for one in CorrectedField),
        *(f"privacy.recipient.{one}" for one in Recipient),
        *(f"privacy.source.{one}" for one in DataSource),
        *(f"privacy.left_out.{one}" for one in LeftOut),
        *(f"audit.break.{one}" for one in Break),
    ],
)
def test_every_code_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key, days=184)


def test_q6_4_the_words_of_a_number_that_is_gone_are_the_programmes_own() -> None:
    assert open_catalogue("zh_TW").say("privacy.refused.nobody_found") == "查無該證資料"

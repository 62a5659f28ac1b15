"""Kiosks and registries of different ages: the real registry over real HTTP."""

from collections.abc import Iterator

import msgspec
import pytest

import registry.exchange.arrivals
from circulation.facts import CheckedOut, FactEnvelope, LostCardShown
from circulation.wire import FactStatus, PushAnswer, PushBatch, encode
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.city import enrol as enrol_by_hand
from tests.integration.registry.stage import Stage
from tests.integration.sync.test_epochs import city

__all__ = ["city"]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    made.start()
    yield made
    made.stop()


def test_a_fact_of_a_later_kind_in_the_middle_of_a_batch_is_kept_and_the_others_are_applied(
    city: City, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.serving(city.registry):
        kiosk = enrol_by_hand(stage.url, city)
        card = city.key_of(city.ming_card)
        facts = [
            kiosk.envelope(a_checkout(city.ming, city.books[0], card=card)),
            kiosk.envelope(LostCardShown(card=card)),
            kiosk.envelope(a_checkout(city.ming, city.books[1], card=card)),
        ]
        before = [FactStatus.ACCEPTED, FactStatus.UNKNOWN, FactStatus.ACCEPTED]
        with monkeypatch.context() as patched:
            _know_only(patched, CheckedOut)
            assert [one.status for one in kiosk.push(1, *facts)] == before
        assert [one.status for one in kiosk.push(1, *facts)] == before, "the first result is the one that stays"
        assert [bytes(body) for (body,) in city.sql("SELECT body FROM fact ORDER BY seq")] == facts
        assert city.sql("SELECT count(*) FROM loan") == [(2,)]
        kiosk.session.close()


def _know_only(patched: pytest.MonkeyPatch, kind: type[CheckedOut]) -> None:
    """As a registry of before the others."""

    tags = frozenset({kind.__struct_config__.tag})
    patched.setattr(registry.exchange.arrivals, "KNOWN_FACTS", tags)
    patched.setattr(registry.exchange.arrivals, "_ENVELOPE", _Strict(kind))


class _Strict:
    """Decodes envelopes of one kind of fact."""

    def __init__(self, kind: type[CheckedOut]) -> None:
        self._kind = kind
        self._today = msgspec.json.Decoder(FactEnvelope)

    def decode(self, body: bytes) -> FactEnvelope:
        envelope = self._today.decode(body)
        if not isinstance(envelope.fact, self._kind):
            message = "Invalid value 'lost_card_shown' - at `$.fact.type`"
            raise msgspec.ValidationError(message)
        return envelope


class TestAnOlderKiosk:
    """It says nothing of chain, heard time, terms and witness, and compares nothing."""

    @pytest.fixture
    def kiosk(self, city: City, stage: Stage) -> Iterator[Kiosk]:
        with stage.serving(city.registry):
            made = enrol_by_hand(stage.url, city)
            yield made
            made.session.close()

    def test_it_is_told_nothing_that_it_did_not_ask_for(self, city: City, kiosk: Kiosk) -> None:
        kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
        answer = kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=0&wait=5")
        assert set(answer.json()) == {"v", "feed", "start", "end", "head", "server_time", "changes"}

    def test_it_sends_facts_without_a_chain(self, city: City, kiosk: Kiosk) -> None:
        batch = PushBatch(epoch=kiosk.epoch, first_seq=1, facts=[msgspec.Raw(kiosk.envelope(a_checkout(city.ming, city.books[0])))])
        assert b"chain" not in encode(batch)
        answer = kiosk.request("POST", "/v1/facts", encode(batch))
        assert [one.status for one in msgspec.json.decode(answer.content, type=PushAnswer).results] == [FactStatus.ACCEPTED]

    def test_what_a_later_kiosk_asks_besides_is_passed_over(self, city: City, kiosk: Kiosk) -> None:
        answer = kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=0&wait=0&mood=fair")
        assert answer.status_code == 200
        body = msgspec.json.encode({"v": 1, "at": "2031-01-01T00:00:00Z", "version": "9", "devices": [], "mood": "fair"})
        assert kiosk.request("POST", "/v1/health-reports", body).status_code == 200

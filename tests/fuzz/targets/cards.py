"""What cards and their readers say, and numbers of cards as people and systems write them."""

from circulation.cards import CardUid, CardUidError, NumberForm, forms_matching, plain_number
from drivers.apdu import GET_UID, CardLiftedError, sw_name, uid_of_answer
from drivers.atr import LONGEST_ATR, read_atr, storage_card_atr
from drivers.pcsc_calls import PNP_READER, PcscCallError, PcscContext, system_scard
from drivers.pcsc_slots import PRESENT, UNAWARE, SlotStep, acknowledged, steps_between
from drivers.pcsc_status import ESTABLISH, fault_of, status_name
from drivers.ports import CardAnswerError
from tests.fuzz.inputs import Bytes, is_plain, text_of
from tests.fuzz.target import Target


def card_answer(data: bytes) -> None:
    """The bytes that a card answers to the one question."""
    try:
        uid = uid_of_answer(data)
    except CardAnswerError as error:
        assert isinstance(error, CardLiftedError) is (data == b"")
        assert is_plain(str(error))
        assert len(str(error)) < 100
    else:
        assert data == uid.octets + b"\x90\x00"
        assert CardUid.from_hex(uid.hex) == uid
    assert is_plain(sw_name(int.from_bytes(data[:2], "big")))


def atr(data: bytes) -> None:
    """The ATR that a reader makes up or a card brings."""
    reading = read_atr(data)
    assert 0 < len(reading.technology) < 80
    assert is_plain(reading.technology)
    given = Bytes(data)
    made = read_atr(storage_card_atr(given.number(), given.number(2)))
    assert "check byte" not in made.technology
    assert made.technology != "unknown"


def reader_states(data: bytes) -> None:
    """The state words of one reader, one after another, as a driver takes them."""
    before, lies_there = UNAWARE, False
    for word in Bytes(data).groups(4):
        after = int.from_bytes(word, "big")
        steps = steps_between(before, after)
        for step in steps:
            match step:
                case SlotStep.LIFTED:
                    assert lies_there
                    lies_there = False
                case SlotStep.LAID_ON | SlotStep.LAID_ON_MUTE:
                    assert not lies_there
                    assert after & PRESENT
                    lies_there = True
                case SlotStep.PASSED_BY:
                    assert not lies_there
                    assert not after & PRESENT
                case SlotStep.READER_LOST:
                    lies_there = False
        assert len(steps) <= 2
        before = acknowledged(after)
        assert steps_between(before, after) == ()


class _Service:
    """A PC/SC service that answers as the bytes say."""

    INFINITE, SCARD_PCI_T0, SCARD_PCI_T1 = 0xFFFFFFFF, 1, 2

    def __init__(self, answers: Bytes) -> None:
        self._answers = answers
        self.told = 0
        """How the card's last call ended."""

    def _status(self) -> int:
        return (0, 0, 0x80100000, -0x7FF00000)[self._answers.number() % 4] + self._answers.number() % 128 * (self._answers.number() & 1)

    def SCardEstablishContext(self, _scope: int, /) -> tuple[int, int]:  # noqa: N802 - the standard's name
        return self._status() if self._answers.number() & 1 else 0, 1

    def SCardReleaseContext(self, _context: int, /) -> int:  # noqa: N802 - the standard's name
        return self._status()

    def SCardListReaders(self, _context: int, _groups: list[str], /) -> tuple[int, list[str]]:  # noqa: N802 - the standard's name
        return self._status(), [text_of(self._answers.take(4)) for _ in range(self._answers.number() % 4)]

    def SCardGetStatusChange(  # noqa: N802 - the standard's name
        self, _context: int, _timeout: int, states: list[tuple[str, int]], /
    ) -> tuple[int, list[tuple[str, int, list[int]]]]:
        return self._status(), [
            (name, self._answers.number(4), list(self._answers.take(self._answers.number() % 40))) for name, _ in states
        ]

    def SCardCancel(self, _context: int, /) -> int:  # noqa: N802 - the standard's name
        return self._status()

    def SCardConnect(self, _context: int, _reader: str, _share: int, _protocols: int, /) -> tuple[int, int, int]:  # noqa: N802 - the standard's name
        self.told = self._status()
        return self.told, 1, self._answers.number()

    def SCardTransmit(self, _card: int, _protocol: int, _command: list[int], /) -> tuple[int, list[int]]:  # noqa: N802 - the standard's name
        self.told = self._status()
        return self.told, list(self._answers.rest())

    def SCardDisconnect(self, _card: int, _disposition: int, /) -> int:  # noqa: N802 - the standard's name
        return self._status()


def service_answers(data: bytes) -> None:
    """What the PC/SC service answers to a whole visit: each call gives a value, or the one error with a name."""
    answers = Bytes(data)
    assert is_plain(status_name(answers.number(4)))
    assert fault_of(ESTABLISH, answers.number(4))
    assert system_scard().INFINITE > 0
    service = _Service(answers)
    try:
        context = PcscContext(service)
        context.cancel()
        names = context.readers()
        states = context.wait(dict.fromkeys((*names, PNP_READER), 0), timeout_ms=answers.number() or None)
        assert states is None or all(len(state.atr) < 40 for state in states.values())
        assert len(context.ask("reader", GET_UID)) <= len(data)
        assert service.told == 0
        context.close()
        context.close()
    except PcscCallError as error:
        assert is_plain(str(error))
        assert 0 < error.hresult < 1 << 32


_FORMS = tuple(NumberForm)


def card_number(data: bytes) -> None:
    """A number as it is typed or written in a file, against a card that was tapped."""
    given = Bytes(data)
    form = _FORMS[given.number() % len(_FORMS)]
    octets = given.take((4, 7, 8, 10)[given.number() % 4])
    how = given.number() % 4
    uid = CardUid(octets)
    own = uid.written_as(form)
    written = (text_of(given.rest()), own, own.lstrip("0"), own.lower())[how]
    matches = forms_matching(uid, written)
    assert form in matches or how == 0
    plain = plain_number(written)
    assert plain_number(plain) == plain
    assert is_plain(own)
    assert uid.names_a_card is (not (uid.is_blank or uid.is_random))
    for match in matches:
        there = uid.written_as(match)
        assert len(plain) <= len(there) + plain.count("0")
        assert match.links_one_card or "," in there or len(there) == 8
    try:
        read = CardUid.from_hex(written)
    except CardUidError:
        return
    assert CardUid.from_hex(read.hex) == read


TARGETS = (
    Target("card_answer", ("drivers.apdu",), card_answer, longest=300),
    Target("atr", ("drivers.atr",), atr, longest=2 * LONGEST_ATR),
    Target("reader_states", ("drivers.pcsc_slots",), reader_states, longest=64),
    Target("service_answers", ("drivers.pcsc_calls", "drivers.pcsc_status"), service_answers, longest=128),
    Target("card_number", ("circulation.cards",), card_number, longest=64),
)

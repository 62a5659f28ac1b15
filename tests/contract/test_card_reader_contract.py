"""What every card reader does, whatever drives it: each test runs on every bench."""

import time
from collections.abc import Iterator
from threading import Event, Thread, Timer

import pytest

from circulation.cards import CardKind, CardUid
from drivers.ports import CardPresented, CardRemoved, CardUnreadable, DeviceHealth, DeviceState, ReaderEvent
from tests.contract.conduct import Answer, Conduct
from tests.contract.heard import LIMIT_S, Heard
from tests.contract.reader_benches import BENCHES, ReaderBench, running

UID = "04A32B1C"
OTHER_UID = "8AD14665"
LATE_S = 0.7
"""Longer than nfcpy waits for any one answer, shorter than what counts as a card that does not answer."""


@pytest.fixture(params=BENCHES)
def bench(request: pytest.FixtureRequest) -> Iterator[ReaderBench]:
    made: ReaderBench = BENCHES[request.param](request)
    yield made
    made.clear()


@pytest.fixture
def heard(bench: ReaderBench) -> Iterator[Heard[ReaderEvent]]:
    """What a running reader says after its first report."""
    listener = Heard[ReaderEvent]()
    with running(bench.a_reader(), listener):
        assert listener.next_as(DeviceHealth).state is DeviceState.READY
        yield listener


def uid_of(event: CardPresented) -> str:
    return event.uid.hex


def test_the_first_report_says_that_the_readers_are_ready(bench: ReaderBench) -> None:
    heard = Heard[ReaderEvent]()
    with running(bench.a_reader(), heard):
        health = heard.next_as(DeviceHealth)
    assert (health.device, health.state, health.fault) == ("reader", DeviceState.READY, None)
    assert all(name in health.detail for name in bench.names)


def test_a_tap_is_one_presentation_and_lifting_ends_it(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    begun = time.monotonic_ns()
    bench.lay(UID)
    presented = heard.next_as(CardPresented)
    bench.lift()
    removed = heard.next_as(CardRemoved)
    assert (uid_of(presented), presented.reader, presented.kind_hint) == (UID, bench.names[0], CardKind.EASYCARD)
    assert removed.reader == bench.names[0]
    assert begun <= presented.at <= removed.at <= time.monotonic_ns()


def test_the_same_card_again_is_a_new_presentation(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lay(UID)
    first = heard.next_as(CardPresented)
    bench.lift()
    heard.next_as(CardRemoved)
    bench.lay(UID)
    second = heard.next_as(CardPresented)
    assert first.uid == second.uid
    assert first.at < second.at


def test_a_card_that_takes_the_place_of_another_is_read_after_the_other_was_lifted(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lay(UID)
    assert uid_of(heard.next_as(CardPresented)) == UID
    bench.lift()
    bench.lay(OTHER_UID)
    heard.next_as(CardRemoved)
    assert uid_of(heard.next_as(CardPresented)) == OTHER_UID


def test_two_readers_are_told_apart(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lay(UID, slot=0)
    bench.lay(OTHER_UID, slot=1)
    seen = {event.reader: uid_of(event) for event in (heard.next_as(CardPresented), heard.next_as(CardPresented))}
    assert seen == {bench.names[0]: UID, bench.names[1]: OTHER_UID}
    bench.lift(1)
    assert heard.next_as(CardRemoved).reader == bench.names[1]


@pytest.mark.parametrize("uid", [UID, "04A1B2C3D4E5F6", "0101080102030405", "04A1B2C3D4E5F6A7B8C9"])
def test_uids_of_every_length_are_read(bench: ReaderBench, heard: Heard[ReaderEvent], uid: str) -> None:
    bench.lay(uid)
    assert heard.next_as(CardPresented).uid == CardUid.from_hex(uid)


@pytest.mark.parametrize("answer", [Answer.REFUSAL, Answer.TOO_SHORT, Answer.TOO_LONG])
def test_rubbish_is_reported_and_the_next_card_is_read(bench: ReaderBench, heard: Heard[ReaderEvent], answer: Answer) -> None:
    bench.lay(UID, conduct=Conduct(answer))
    assert heard.next_as(CardUnreadable).problem
    bench.lift()
    heard.next_as(CardRemoved)
    bench.lay(OTHER_UID)
    assert uid_of(heard.next_as(CardPresented)) == OTHER_UID


def test_a_card_pulled_while_it_answers_is_never_presented_and_the_next_one_is_read(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    pulled = Event()

    def pulled_away() -> None:
        if not pulled.is_set():
            bench.lift()
            pulled.set()

    bench.lay(UID, conduct=Conduct(before_answering=pulled_away))
    assert pulled.wait(LIMIT_S)
    bench.lay(OTHER_UID)
    assert uid_of(heard.until(CardPresented)) == OTHER_UID


def test_a_reader_that_was_lost_comes_back_and_reads_the_next_tap(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lose()
    assert heard.next_as(DeviceHealth).fault is bench.fault_when_lost
    bench.bring_back()
    while heard.next_as(DeviceHealth).state is not DeviceState.READY:
        pass
    bench.lay(UID)
    assert uid_of(heard.next_as(CardPresented)) == UID


def test_a_card_on_a_reader_that_is_lost_counts_as_lifted(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lay(UID)
    heard.next_as(CardPresented)
    bench.lose()
    heard.until(CardRemoved)
    bench.bring_back()
    while heard.next_as(DeviceHealth).state is not DeviceState.READY:
        pass
    bench.lay(OTHER_UID)
    assert uid_of(heard.next_as(CardPresented)) == OTHER_UID


def test_a_card_that_lies_there_at_the_start_is_presented(bench: ReaderBench) -> None:
    bench.lay(UID)
    heard = Heard[ReaderEvent]()
    with running(bench.a_reader(), heard):
        heard.next_as(DeviceHealth)
        assert uid_of(heard.next_as(CardPresented)) == UID


def test_a_waiting_reader_stops_within_ten_milliseconds(bench: ReaderBench) -> None:
    def seconds_to_stop() -> float:
        reader, heard = bench.a_reader(), Heard[ReaderEvent]()
        reader.start(heard)
        heard.next_as(DeviceHealth)
        begun = time.perf_counter()
        reader.stop()
        return time.perf_counter() - begun

    # The best of several: a busy machine may hold back any one of them, a slow stop would hold back all.
    assert min(seconds_to_stop() for _ in range(9)) <= 0.010


def test_nothing_is_reported_after_the_stop(bench: ReaderBench) -> None:
    stopped, witness = bench.a_reader(), bench.a_reader()
    heard, heard_by_witness = Heard[ReaderEvent](), Heard[ReaderEvent]()
    with running(witness, heard_by_witness):
        stopped.start(heard)
        heard.next_as(DeviceHealth)
        stopped.stop()
        bench.lay(UID)
        heard_by_witness.until(CardPresented)
        stopped.stop()
    assert heard.rest() == []


def test_a_listener_may_stop_the_reader_it_listens_to(bench: ReaderBench) -> None:
    reader, heard = bench.a_reader(), Heard[ReaderEvent]()

    def stop_at_the_first_card(event: ReaderEvent) -> None:
        heard(event)
        if isinstance(event, CardPresented):
            reader.stop()

    with running(reader, stop_at_the_first_card):
        heard.next_as(DeviceHealth)
        bench.lay(UID)
        heard.next_as(CardPresented)
    assert heard.rest() == []


def test_a_reader_that_was_never_started_can_be_stopped(bench: ReaderBench) -> None:
    bench.a_reader().stop()


def test_a_card_that_does_not_answer_holds_the_stop_for_two_seconds_at_most(bench: ReaderBench) -> None:
    asked, answers_at_last = Event(), Event()

    def never_answers() -> None:
        asked.set()
        answers_at_last.wait(LIMIT_S)

    reader, heard = bench.a_reader(), Heard[ReaderEvent]()
    with running(reader, heard):
        heard.next_as(DeviceHealth)
        bench.lay(UID, conduct=Conduct(before_answering=never_answers))
        assert asked.wait(LIMIT_S)
        stopping = Thread(target=reader.stop)
        stopping.start()
        stopping.join(LIMIT_S / 2)
        assert not stopping.is_alive()
        heard.rest()
        answers_at_last.set()
    assert heard.rest() == []


def test_a_slow_card_is_read_in_the_end(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    answers = Event()
    late = Timer(LATE_S, answers.set)

    def answers_late() -> None:
        if not late.is_alive() and not answers.is_set():
            late.start()
        answers.wait(LIMIT_S)

    bench.lay(UID, conduct=Conduct(before_answering=answers_late))
    assert uid_of(heard.until(CardPresented)) == UID
    assert answers.is_set()
    late.join()


def test_a_random_uid_is_handed_on_once_and_can_be_told(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lay("08A32B1C")
    assert heard.next_as(CardPresented).uid.is_random
    bench.lift()
    heard.next_as(CardRemoved)
    assert heard.rest() == []

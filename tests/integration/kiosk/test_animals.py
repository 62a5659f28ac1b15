"""The animal that a patron chose: kept at this kiosk, in a file that may be thrown away."""

import random
from pathlib import Path
from uuid import UUID

import pytest

from circulation.ids import PatronId
from kiosk.animals import Animal, AnimalBook, AnimalsInMemory
from kiosk.events import AnimalChosen, AnimalsWanted, BackChosen, ModeChosen, RightsTaken, SnapshotFetched
from kiosk.modes import Mode
from kiosk.store import animal_file
from kiosk.store.animal_file import AnimalFile
from kiosk.view import Animals, Home, OutOfService, Sound, StillHere
from replica.tables import ReplicaTable
from tests.builders import a_patron
from tests.kiosk_world import LIN, WANG, World, a_kiosk, a_replica_file, a_tombstone, library_rows, patron_row

KEY = bytes(range(32))
WANG_IS, LIN_IS = a_patron(), a_patron(masked_name="林○○")
ONE, OTHER = PatronId(UUID(int=1)), PatronId(UUID(int=2))


def chosen(world: World) -> Animal | None:
    assert isinstance(world.screen, Home)
    return world.screen.account.animal


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_kiosk(tmp_path, cards={WANG: WANG_IS, LIN: LIN_IS})


def test_a_patron_chooses_an_animal_once_and_sees_it_at_every_visit(world: World) -> None:
    world.tap()
    assert chosen(world) is None
    assert world.say(AnimalsWanted()) == Animals()

    world.say(AnimalChosen(Animal.PANGOLIN))
    assert chosen(world) is Animal.PANGOLIN
    assert world.outlet.sounds[-1] is Sound.GOOD

    world.finish()
    world.tap(LIN)
    assert chosen(world) is None
    world.finish()
    world.tap(WANG)
    assert chosen(world) is Animal.PANGOLIN
    assert world.say(AnimalsWanted()) == Animals(Animal.PANGOLIN)
    assert world.facts == []


def test_who_goes_back_keeps_the_old_one(world: World) -> None:
    world.tap()
    world.say(AnimalsWanted(), AnimalChosen(Animal.BEAR), AnimalsWanted(), BackChosen())

    assert chosen(world) is Animal.BEAR


def test_a_countdown_over_the_animals_shows_none_and_ends_the_visit(world: World) -> None:
    world.tap()
    world.say(AnimalsWanted())

    assert isinstance(world.wait(20), StillHere)


def test_nobodys_animal_is_shown_while_a_class_is_here(world: World) -> None:
    world.tap()
    world.say(AnimalsWanted(), AnimalChosen(Animal.BEAR))

    world.say(ModeChosen(Mode.CLASS_VISIT))

    assert chosen(world) is None


def test_a_kiosk_that_must_forget_its_patrons_forgets_their_animals(world: World) -> None:
    world.tap()
    world.say(AnimalsWanted(), AnimalChosen(Animal.BEAR))

    assert isinstance(world.say(RightsTaken()), OutOfService)

    assert world.core._room.animals.of(WANG_IS.id) is None


def test_a_patron_whom_the_next_replica_does_not_know_has_no_animal_any_more(world: World) -> None:
    for uid in (WANG, LIN):
        world.tap(uid)
        world.say(AnimalsWanted(), AnimalChosen(Animal.SALMON))
        world.finish()
    world.receive(a_tombstone(1, ReplicaTable.PATRON, patron_row(LIN_IS)))

    fresh = a_replica_file(world.files.next_path(), library_rows({WANG: WANG_IS}), version=9)
    world.say(SnapshotFetched(fresh))

    kept = world.core._room.animals
    assert (kept.of(WANG_IS.id), kept.of(LIN_IS.id)) == (Animal.SALMON, None)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_every_book_keeps_the_last_choice_of_each_and_forgets_when_told(tmp_path: Path, kind: str) -> None:
    book: AnimalBook = AnimalsInMemory() if kind == "memory" else AnimalFile(tmp_path / "animals.db", KEY)
    assert book.of(ONE) is None
    book.choose(ONE, Animal.BEAR)
    book.choose(ONE, Animal.MAGPIE)
    book.choose(OTHER, Animal.SALMON)
    assert (book.of(ONE), book.of(OTHER)) == (Animal.MAGPIE, Animal.SALMON)

    book.keep_only(lambda patron: patron == ONE)
    assert (book.of(ONE), book.of(OTHER)) == (Animal.MAGPIE, None)
    book.keep_only(lambda _: True)
    book.forget_all()
    assert book.of(ONE) is None
    book.choose(ONE, Animal.BEAR)
    assert book.of(ONE) is Animal.BEAR
    book.close()


def test_what_was_chosen_is_there_after_a_restart_and_what_was_forgotten_is_not(tmp_path: Path) -> None:
    book = AnimalFile(tmp_path / "animals.db", KEY)
    for patron in (ONE, OTHER):
        book.choose(patron, Animal.TREE_FROG)
    book.keep_only(lambda patron: patron == ONE)
    book.close()

    again = AnimalFile(tmp_path / "animals.db", KEY)
    assert (again.of(ONE), again.of(OTHER)) == (Animal.TREE_FROG, None)
    again.close()


def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    book = AnimalFile(tmp_path / "animals.db", KEY)
    book.choose(ONE, Animal.TREE_FROG)
    book.close()

    assert b"tree_frog" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["noise", "empty of pages", "another key"])
def test_a_file_that_can_not_be_used_is_begun_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "animals.db"
    book = AnimalFile(path, KEY if damage != "another key" else KEY[::-1])
    book.choose(ONE, Animal.TREE_FROG)
    book.close()
    if damage == "noise":
        path.write_bytes(random.Random(7).randbytes(8192))
    elif damage == "empty of pages":
        path.write_bytes(path.read_bytes()[:5000])

    again = AnimalFile(path, KEY)
    assert again.of(ONE) is None
    again.choose(ONE, Animal.BEAR)
    again.close()
    third = AnimalFile(path, KEY)
    assert third.of(ONE) is Animal.BEAR
    third.close()


def test_where_no_file_can_be_made_memory_serves(tmp_path: Path) -> None:
    book = AnimalFile(tmp_path / "nowhere" / "animals.db", KEY)
    book.choose(ONE, Animal.BEAR)

    assert book.of(ONE) is Animal.BEAR
    book.close()


def test_a_file_that_is_full_keeps_no_more_but_what_is_in_it_can_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animal_file, "MOST", 1)
    book = AnimalFile(tmp_path / "animals.db", KEY)
    book.choose(ONE, Animal.BEAR)
    book.choose(OTHER, Animal.BEAR)
    book.choose(ONE, Animal.SALMON)
    assert book.of(OTHER) is Animal.BEAR
    book.close()

    again = AnimalFile(tmp_path / "animals.db", KEY)
    assert (again.of(ONE), again.of(OTHER)) == (Animal.SALMON, None)
    again.close()


def test_a_disk_that_is_full_costs_nobody_more_than_the_animal(tmp_path: Path) -> None:
    book = AnimalFile(tmp_path / "animals.db", KEY)
    assert book._open is not None
    book._open[1].exec_driver_sql("PRAGMA query_only=ON").close()

    book.choose(ONE, Animal.BEAR)
    assert book.of(ONE) is Animal.BEAR
    book.choose(ONE, Animal.SALMON)
    assert book.of(ONE) is Animal.SALMON

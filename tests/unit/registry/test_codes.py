"""One-time codes."""

import os

import pytest

from registry.kiosks.rules import ALPHABET, CODE_LENGTH, code_digest, new_code


def test_a_code_has_sixty_random_bits_in_groups_that_can_be_read_aloud() -> None:
    code = new_code(lambda n: bytes(range(n)))
    assert code == "0123-4567-89AB"
    assert len(ALPHABET) == 32
    assert CODE_LENGTH * 5 >= 50


def test_every_character_comes_up_equally_often() -> None:
    assert 256 % len(ALPHABET) == 0
    assert len({new_code(os.urandom) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("typed", ["7K3M-Q0ZD-41XW", "7k3mq0zd41xw", " 7K3M QOZD 4IXW ", "7K3M-Q0ZD-4lXW"])
def test_a_code_is_known_however_it_was_typed(typed: str) -> None:
    assert code_digest(typed) == code_digest("7K3M-Q0ZD-41XW")


def test_another_code_has_another_digest() -> None:
    assert code_digest("7K3M-Q0ZD-41XW") != code_digest("7K3M-Q0ZD-41XX")

"""What holds for every test."""

from hypothesis import settings

from tests.postgres import postgres

__all__ = ["postgres"]  # the server that any test may ask for

settings.register_profile("house", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("house")

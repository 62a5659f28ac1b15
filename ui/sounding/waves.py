"""Sounds as bytes: read from a file, made quieter, one after the other. Pure but for the reading."""

import array
import io
import sys
import wave
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

RATE = 22_050
"""Samples a second of every sound and every clip; one channel, 16 bits."""
_WIDTH = 2
_CLIPS_KEPT = 64


class SoundFileError(Exception):
    """A file is no sound of ours; the message names it and says what makes it anew."""


@lru_cache(maxsize=_CLIPS_KEPT)
def samples_of(path: Path) -> bytes:
    """The samples of a WAV file, little-endian. Kept: the same few are played all day.

    Raises:
        SoundFileError: the file is missing, or not a WAV file of one channel, 16 bits and :data:`RATE`.

    """
    try:
        with wave.open(str(path), "rb") as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        message = f"{path}: no sound can be read ({error}); packaging/sounds makes it anew"
        raise SoundFileError(message) from error
    if form != (1, _WIDTH, RATE):
        message = f"{path}: {form[0]} channels, {8 * form[1]} bits, {form[2]} Hz; one channel, 16 bits and {RATE} Hz are wanted"
        raise SoundFileError(message)
    return samples


def one_after_the_other(parts: Sequence[bytes], *, volume: int) -> bytes:
    """A whole WAV file of these samples. ``volume`` in percent, by the square: half feels half as loud."""
    samples = array.array("h")
    for part in parts:
        samples.frombytes(part)
    if sys.byteorder == "big":
        samples.byteswap()
    gain = (volume / 100) ** 2
    quiet = array.array("h", (round(sample * gain) for sample in samples)) if volume < 100 else samples  # noqa: PLR2004 - percent
    if sys.byteorder == "big":
        quiet.byteswap()
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_WIDTH)
        file.setframerate(RATE)
        file.writeframes(quiet.tobytes())
    return whole.getvalue()

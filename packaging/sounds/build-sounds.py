#!/usr/bin/env python3
"""Makes the sounds of the screens: wood and paper, not electronics. Writes WAV files (22,050 Hz, mono, 16 bits) into a folder.

    packaging/sounds/build-sounds.py [FOLDER]      default: ui/sounds

Nothing is sampled from anywhere: a struck bar is a sum of decaying partials (a marimba's second partial lies two octaves above
the first), a page is noise that swells and goes. The noise comes from a generator with a fixed seed, so every run makes the same files.
"""

import array
import math
import sys
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

RATE = 22_050
LOUDNESS = 0.09
"""Root mean square of the loud part, full scale is 1: about -21 dBFS, so that no sound is louder than another."""
PEAK = 0.7
EDGE_S = 0.004
E4, CIS4, G4, C5, D5, E5, G5, C6 = 329.63, 277.18, 392.0, 523.25, 587.33, 659.25, 783.99, 1046.5

Samples = list[float]


def struck(
    frequency: float, seconds: float, *, decay: float, partials: Iterable[tuple[float, float]] = ((1, 1), (4, 0.22), (9.8, 0.06))
) -> Samples:
    """A bar of wood: each partial (a multiple of the frequency, its weight) fades the faster the higher it is."""
    made = [0.0] * round(seconds * RATE)
    for multiple, weight in partials:
        if frequency * multiple < RATE / 2:
            for number in range(len(made)):
                at = number / RATE
                made[number] += weight * math.exp(-at * decay * math.sqrt(multiple)) * math.sin(2 * math.pi * frequency * multiple * at)
    return made


def page(seconds: float) -> Samples:
    """A page that turns: noise, dark at first, bright in the middle, gone at the end."""
    made, last, noise = [], 0.0, 114
    for number in range(round(seconds * RATE)):
        part = number / (seconds * RATE)
        brightness = 0.15 + 0.5 * math.sin(math.pi * part)
        noise = (noise * 1_103_515_245 + 12_345) % 2**31
        last += brightness * (noise / 2**30 - 1 - last)
        made.append(last * math.sin(math.pi * part) ** 2)
    return made


def glide(low: float, high: float, seconds: float) -> Samples:
    """A wooden knock whose tone rises."""
    made, phase = [], 0.0
    for number in range(round(seconds * RATE)):
        part = min(1.0, number / (seconds * RATE) * 2)
        phase += 2 * math.pi * (low + (high - low) * part) / RATE
        made.append(math.exp(-number / RATE * 16) * (math.sin(phase) + 0.2 * math.sin(4 * phase)))
    return made


def together(length: float, *parts: tuple[float, float, Samples]) -> Samples:
    """Parts, each with the second at which it begins and its weight."""
    made = [0.0] * round(length * RATE)
    for begin, weight, samples in parts:
        first = round(begin * RATE)
        for number, sample in enumerate(samples[: len(made) - first]):
            made[first + number] += weight * sample
    return made


def finished(samples: Samples) -> Iterator[int]:
    """Equally loud, soft at both ends, as 16-bit numbers."""
    edge = round(EDGE_S * RATE)
    soft = [s * min(1.0, n / edge, (len(samples) - 1 - n) / edge) for n, s in enumerate(samples)]
    loud = sorted((s * s for s in soft), reverse=True)[: max(1, len(soft) // 2)]
    gain = min(LOUDNESS / math.sqrt(sum(loud) / len(loud)), PEAK / max(abs(s) for s in soft))
    return (round(s * gain * 32767) for s in soft)


def sounds() -> dict[str, Samples]:
    """All sounds by name."""
    return {
        "tap": glide(G4, D5, 0.18),
        "success": together(0.4, (0, 0.6, page(0.16)), (0.08, 1, struck(C6, 0.32, decay=11))),
        "refusal": together(0.44, (0, 1, struck(E4, 0.26, decay=12)), (0.2, 1, struck(CIS4, 0.24, decay=12))),
        "finish": together(
            0.44, (0, 0.8, struck(C5, 0.2, decay=14)), (0.1, 0.8, struck(E5, 0.2, decay=14)), (0.2, 1, struck(G5, 0.24, decay=11))
        ),
        "tick": struck(C5, 0.07, decay=55),
        "attention": together(0.4, (0, 1, struck(G5, 0.2, decay=14)), (0.18, 1, struck(G5, 0.22, decay=14))),
    }


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "ui" / "sounds"
    folder.mkdir(parents=True, exist_ok=True)
    for name, samples in sounds().items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            numbers = array.array("h", finished(samples))
            if sys.byteorder == "big":
                numbers.byteswap()
            file.writeframes(numbers.tobytes())


if __name__ == "__main__":
    main()

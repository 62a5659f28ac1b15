#!/usr/bin/env python3
"""Speaks every ``speech.`` sentence of the catalogues into ui/sounds/speech/LANGUAGE/KEY.wav, with espeak-ng (Debian).

    packaging/sounds/build-speech.py [FOLDER]

Chinese is spoken from our own reviewed readings, as pinyin with numbers of tones: espeak-ng's own reading of characters takes 還書 for
"still book". A language of a new PO file is spoken by the voice of its name. Clips are as our sounds are: 22,050 Hz, one channel, 16 bits.
"""

import subprocess
import sys
from pathlib import Path

from texts.catalogue import Catalogue, languages, open_catalogue
from texts.readings import FINALS, INITIALS, MEDIALS, TONES, open_readings

TARGET = Path(__file__).parents[2] / "ui" / "sounds" / "speech"
VOICES = {"zh_TW": "cmn-latn-pinyin", "en": "en-gb"}
WORDS_A_MINUTE = {"zh_TW": 180, "en": 145}
STARTS = dict(
    zip(INITIALS, ["b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s"], strict=True)
)
ENDS = dict(zip(FINALS, ["a", "o", "e", "ê", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "er"], strict=True))
TOGETHER = {
    "ㄧ": (
        "i",
        {"ㄛ": "io", "ㄝ": "ie", "ㄠ": "iao", "ㄡ": "iu", "ㄢ": "ian", "ㄣ": "in", "ㄤ": "iang", "ㄥ": "ing", "ㄚ": "ia", "ㄞ": "iai"},
    ),
    "ㄨ": ("u", {"ㄚ": "ua", "ㄛ": "uo", "ㄞ": "uai", "ㄟ": "ui", "ㄢ": "uan", "ㄣ": "un", "ㄤ": "uang", "ㄥ": "ong"}),
    "ㄩ": ("ü", {"ㄝ": "üe", "ㄢ": "üan", "ㄣ": "ün", "ㄥ": "iong"}),
}
ALONE = {"i": "yi", "in": "yin", "ing": "ying", "iu": "you", "u": "wu", "ui": "wei", "un": "wen", "ong": "weng"}
ALONE |= {"ü": "yu", "üe": "yue", "üan": "yuan", "ün": "yun", "iong": "yong"}
STOPS = dict(zip("，。？：、", ",.?:,", strict=True))


def pinyin(syllable: str) -> str:
    """A syllable of bopomofo in pinyin, its tone as a number."""
    tone = {"ˊ": "2", "ˇ": "3", "ˋ": "4", "˙": "5"}.get(syllable[-1], "1")
    signs = syllable.rstrip(TONES)
    start = STARTS.get(signs[0], "")
    rest = signs[1:] if start else signs
    if not rest:
        return f"{start}i{tone}"
    if rest[0] in MEDIALS:
        bare, ends = TOGETHER[rest[0]]
        end = ends[rest[1]] if len(rest) > 1 else bare
    else:
        end = ENDS[rest]
    if not start:
        spelled = ALONE.get(end) or ("y" + end[1:] if end[0] == "i" else "w" + end[1:] if end[0] == "u" else end)
    else:
        spelled = start + (end.replace("ü", "u") if start in {"j", "q", "x"} else end.replace("ü", "v"))
    return spelled + tone


def spoken(sentence: str, catalogue: Catalogue) -> str:
    """What espeak-ng is given."""
    if catalogue.language != "zh_TW":
        return sentence
    read = zip(sentence, open_readings().read(sentence), strict=True)
    return " ".join(pinyin(reading) if reading else STOPS.get(character, character) for character, reading in read)


def main() -> None:
    """Write all clips."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    for language in languages():
        catalogue = open_catalogue(language)
        folder = target / language
        folder.mkdir(parents=True, exist_ok=True)
        for key in sorted(key for key in catalogue if key.startswith("speech.")):
            voice = ["-v", VOICES.get(language, language), "-s", str(WORDS_A_MINUTE.get(language, 145))]
            words = spoken(catalogue.say(key), catalogue)
            subprocess.run(["espeak-ng", *voice, "-w", str(folder / f"{key}.wav"), "--", words], check=True)  # noqa: S603, S607 - our sentences


if __name__ == "__main__":
    main()

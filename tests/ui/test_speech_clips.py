"""The voice: what espeak-ng is given, and that every sentence has its clip."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from texts.catalogue import Catalogue, open_catalogue
from texts.readings import open_readings
from ui.sounding.loudspeaker import VOICES
from ui.sounding.waves import RATE, samples_of

SCRIPT = Path(__file__).parents[2] / "packaging" / "sounds" / "build-speech.py"
LONGEST_S = 10
SENTENCES = sorted(key for key in open_catalogue("zh_TW") if key.startswith("speech."))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_speech", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("bopomofo", "pinyin"),
    [
        ("ㄕㄨ", "shu1"),
        ("ㄏㄨㄢˊ", "huan2"),
        ("ㄌㄜ˙", "le5"),
        ("ㄋㄩˇ", "nv3"),
        ("ㄒㄩㄝˊ", "xue2"),
        ("ㄓ", "zhi1"),
        ("ㄧㄡˇ", "you3"),
        ("ㄨㄥ", "weng1"),
        ("ㄓㄨㄥ", "zhong1"),
        ("ㄩㄥˋ", "yong4"),
        ("ㄑㄩㄥˊ", "qiong2"),
        ("ㄖㄨㄟˋ", "rui4"),
        ("ㄦˋ", "er4"),
        ("ㄌㄩㄝˋ", "lve4"),
        ("ㄧㄥˊ", "ying2"),
        ("ㄙㄨㄣ", "sun1"),
    ],
)
def test_bopomofo_is_spelled_in_pinyin(script: ModuleType, bopomofo: str, pinyin: str) -> None:
    assert script.pinyin(bopomofo) == pinyin


def test_every_reading_can_be_spelled_and_no_two_are_spelled_alike(script: ModuleType) -> None:
    spelled = {syllable: script.pinyin(syllable) for syllable in open_readings().syllables() if syllable[0] not in "ㄫㄪㄬ"}

    assert len(set(spelled.values())) == len(spelled)


def test_chinese_is_spoken_from_our_readings(script: ModuleType, chinese: Catalogue) -> None:
    assert script.spoken("請還書。", chinese) == "qing3 huan2 shu1 ."


def test_english_is_spoken_as_it_stands(script: ModuleType, english: Catalogue) -> None:
    assert script.spoken("Please return it.", english) == "Please return it."


@pytest.mark.parametrize("language", ["zh_TW", "en"])
@pytest.mark.parametrize("key", SENTENCES)
def test_each_sentence_has_a_clip_that_somebody_waits_for(language: str, key: str) -> None:
    numbers = memoryview(samples_of(VOICES / language / f"{key}.wav")).cast("h")

    assert 1 < len(numbers) / RATE < LONGEST_S
    assert max(map(abs, numbers)) > 8000

"""Settings: defaults < file < environment. Every value knows where it came from; every mistake is named with its place.

A key ``idle_seconds`` of the section ``[kiosk]`` in the file is ``YOUYUE_KIOSK_IDLE_SECONDS`` in the environment.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from drivers.printer_address import parse_address
from drivers.scanner_address import parse_scanners
from youyue.code_forms import CodeSettingError, code_forms
from youyue.reader_choice import parse_reader
from youyue.toml_lines import line_of_fault, lines_of

ENVIRONMENT_PREFIX = "YOUYUE_"
FILE_VARIABLE = "YOUYUE_SETTINGS"
USUAL_FILE = Path("/etc/youyue/youyue.toml")

Seconds = Annotated[float, Meta(gt=0, le=3600)]
Port = Annotated[int, Meta(ge=0, le=65535)]


class SettingsError(Exception):
    """A setting is wrong. The message names the place and what is expected."""


class LibrarySettings(Struct, frozen=True, kw_only=True):
    """``[library]``: what holds for the whole library."""

    time_zone: str = "Asia/Taipei"
    telephone: Annotated[str, Meta(max_length=24)] = ""
    website: Annotated[str, Meta(max_length=40)] = ""


class KioskSection(Struct, frozen=True, kw_only=True):
    """``[kiosk]``: one machine in a branch. Times in seconds; without a ``printer`` and a ``slips_folder`` nothing is printed.

    ``reader``: ``auto``, ``system`` or ``virtual`` (PC/SC), or ``nfcpy:PATH`` for readers that nfcpy drives.
    ``scanner`` names the barcode scanners (``drivers.scanner_address``); ``item_codes`` and ``card_codes`` say how the barcodes of items and of
    library cards look (``circulation.barcodes``): without ``item_codes`` any code may be an item's, without ``card_codes`` no barcode is a card's.

    ``printer_answers``: whether the receipt printer tells of its state; ``slips_kept_minutes``: for so long a visit's slip can be printed
    again, 0: never. ``mode``: what it is for when it starts; `youyue kiosk mode` sets it to something else for a while.
    """

    folder: str = "/var/lib/youyue/kiosk"
    reader: str = "auto"
    scanner: str = "virtual"
    item_codes: str = ""
    card_codes: str = ""
    reader_side: Literal["left", "right", "below"] = "right"
    language: Literal["zh_TW", "en"] = "zh_TW"
    full_screen: bool = True
    idle_seconds: Seconds = 20.0
    countdown_seconds: Seconds = 10.0
    goodbye_seconds: Seconds = 8.0
    refusal_seconds: Seconds = 8.0
    done_seconds: Seconds = 12.0
    mode: Literal["lending", "card_check"] = "lending"
    class_visit_minutes: Annotated[int, Meta(ge=5, le=240)] = 40
    class_goodbye_seconds: Seconds = 5.0
    titles_need_pin: bool = True
    code_skew_seconds: Annotated[int, Meta(ge=0, le=60)] = 15
    pin_tries: Annotated[int, Meta(ge=1, le=10)] = 3
    sound: Literal["sounds", "voice", "mute", "off"] = "sounds"
    sound_volume: Annotated[int, Meta(ge=0, le=100)] = 70
    slips_folder: str = ""
    slips_paper: Literal["receipt", "a4"] = "receipt"
    printer: str = ""
    printer_roll: Literal["80mm", "58mm"] = "80mm"
    printer_answers: bool = True
    slip_seconds: Annotated[float, Meta(ge=1, le=120)] = 12.0
    slips_kept_minutes: Annotated[int, Meta(ge=0, le=60)] = 10


class RegistrySection(Struct, frozen=True, kw_only=True):
    """``[registry]``: the central service. ``dispute_window_days``: for so long after a return it is known who had the item.

    ``audit_kept_days``: for so long entries of the audit trail are kept, 0 for ever; the law's term holds where it is longer.
    """

    folder: str = "/var/lib/youyue/registry"
    database: str = ""
    host: str = "127.0.0.1"
    port: Port = 8390
    tls_certificate: str = ""
    tls_key: str = ""
    dispute_window_days: Annotated[int, Meta(ge=0, le=3650)] = 14
    audit_kept_days: Annotated[int, Meta(ge=0, le=36500)] = 0


class LogSection(Struct, frozen=True, kw_only=True):
    """``[log]``: what is written to standard error."""

    verbose: bool = False


Days = Annotated[int, Meta(ge=1, le=365)]


class RostersSection(Struct, frozen=True, kw_only=True):
    """``[rosters]``: what comes from the Education Bureau and the schools.

    ``…_at_once``: clean rows of that kind that a machine or a script brings are committed without waiting for a person. What waits
    longer than ``staged_days`` is destroyed; a batch can be undone for ``undo_days``. A second person must look at a batch that
    replaces ``more_replacements_percent`` more cards than last year's (and more than ``few_replacements``), or lacks a school of which
    last year's had ``whole_school_rows``.
    """

    students_at_once: bool = True
    contacts_at_once: bool = True
    reissues_at_once: bool = True
    leavings_at_once: bool = True
    losses_at_once: bool = True
    staged_days: Days = 14
    undo_days: Days = 30
    more_replacements_percent: Annotated[int, Meta(ge=0, le=1000)] = 20
    few_replacements: Annotated[int, Meta(ge=0, le=100_000)] = 10
    whole_school_rows: Annotated[int, Meta(ge=1, le=100_000)] = 5


class Settings(Struct, frozen=True, kw_only=True):
    """All effective settings."""

    library: LibrarySettings = LibrarySettings()
    kiosk: KioskSection = KioskSection()
    registry: RegistrySection = RegistrySection()
    log: LogSection = LogSection()
    rosters: RostersSection = RostersSection()


@dataclass(frozen=True, slots=True)
class Effective:
    """One setting as it holds, and where it came from."""

    name: str
    value: object
    origin: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings with the way they came about."""

    settings: Settings
    effective: tuple[Effective, ...]


def load(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> LoadedSettings:
    """Read the settings; without a file the one that ``YOUYUE_SETTINGS`` names, or the usual one where it exists.

    Raises:
        SettingsError: the file can't be read, a key is unknown, a value is wrong.

    """
    given = _from_file(_chosen_file(file, environment)) | _from_environment(environment)
    sections: dict[str, Struct] = {}
    effective: list[Effective] = []
    for section, kind in _section_kinds().items():
        values: dict[str, Any] = {}
        for field in msgspec.structs.fields(kind):
            name = f"{section}.{field.name}"
            value, origin = field.default, "default"
            if name in given:
                raw, origin = given[name]
                value = _converted(raw, field.type, name, origin, strict=not origin.startswith("environment"))
            values[field.name] = value
            effective.append(Effective(name, without_password(value), origin))
        sections[section] = kind(**values)
    settings = Settings(**sections)  # type: ignore[arg-type]  # each section is of the kind its field names
    _check_zone(settings, given)
    _check_database(settings, given)
    _check_devices(settings, given)
    _check_codes(settings, given)
    return LoadedSettings(settings, tuple(effective))


def without_password(value: object) -> object:
    """A setting as it may be shown: in a URL the password is covered."""
    if not isinstance(value, str) or "://" not in value:
        return value
    return re.sub(r"((?:^|[?&])(?:ssl)?password=)[^&]*", r"\1***", re.sub(r"(://[^:@/?]*:).*@", r"\1***@", value))


def _section_kinds() -> dict[str, type[Struct]]:
    return {field.name: field.type for field in msgspec.structs.fields(Settings)}


def _known() -> frozenset[str]:
    return frozenset(f"{section}.{field.name}" for section, kind in _section_kinds().items() for field in msgspec.structs.fields(kind))


def _chosen_file(file: Path | None, environment: Mapping[str, str]) -> Path | None:
    if file is not None:
        return file
    if FILE_VARIABLE in environment:
        return Path(environment[FILE_VARIABLE])
    return USUAL_FILE if USUAL_FILE.exists() else None


def _from_file(file: Path | None) -> dict[str, tuple[Any, str]]:
    if file is None:
        return {}
    text = _text_of(file)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{file}:{line_of_fault(error, text)}: not TOML: {error}"
        raise SettingsError(message) from None
    lines = lines_of(text)
    found: dict[str, tuple[Any, str]] = {}
    for section, keys in tables.items():
        if not isinstance(keys, dict):
            message = f"{file}:{lines[section,]}: {section!r} stands outside a section; put it under one of {_section_names()}"
            raise SettingsError(message)
        if not keys and section not in _section_kinds():
            _refuse_unknown(section, f"{file}:{lines[section,]}")
        for key, value in keys.items():
            name, origin = f"{section}.{key}", f"{file}:{lines[section, key]}"
            _refuse_unknown(name, origin)
            found[name] = (value, origin)
    return found


def _text_of(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        message = f"{file}: can't be read ({error.strerror}); check the path and its permissions"
        raise SettingsError(message) from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"{file}:{line}: not UTF-8 ({error.reason}); save the file as UTF-8"
        raise SettingsError(message) from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    variables = {ENVIRONMENT_PREFIX + name.replace(".", "_").upper(): name for name in _known()}
    for variable in environment:
        if variable.startswith(ENVIRONMENT_PREFIX) and variable not in {*variables, FILE_VARIABLE}:
            near = difflib.get_close_matches(variable, variables, n=1)
            message = f"environment {variable}: there is no such setting; {f'did you mean {near[0]}?' if near else 'see `youyue settings`'}"
            raise SettingsError(message)
    return {variables[variable]: (value, f"environment {variable}") for variable, value in environment.items() if variable in variables}


def _section_names() -> str:
    return ", ".join(f"[{section}]" for section in _section_kinds())


def _refuse_unknown(name: str, origin: str) -> None:
    known = _known()
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else f"sections are {_section_names()}"
    message = f"{origin}: there is no setting {name}; {hint}"
    raise SettingsError(message)


def _converted(raw: object, kind: Any, name: str, origin: str, *, strict: bool) -> object:  # noqa: ANN401 - a type of msgspec's
    try:
        return msgspec.convert(raw, kind, strict=strict)
    except msgspec.ValidationError as error:
        wanted = f"write one of {', '.join(get_args(kind))}" if get_origin(kind) is Literal else str(error)
        message = f"{origin}: {name}: {wanted} (given: {without_password(raw)!r})"
        raise SettingsError(message) from None


def _check_database(settings: Settings, given: Mapping[str, tuple[Any, str]]) -> None:
    url = settings.registry.database
    if url and not url.startswith(("postgresql://", "postgres://")):
        _, origin = given["registry.database"]
        message = (
            f"{origin}: registry.database: write an address such as postgresql://USER@HOST/DATABASE (given: {without_password(url)!r})"
        )
        raise SettingsError(message)


_NAMES_OF_DEVICES: Mapping[str, Callable[[str], object]] = {
    "printer": lambda name: parse_address(name) if name else None,
    "scanner": parse_scanners,
    "reader": parse_reader,
}


def _check_devices(settings: Settings, given: Mapping[str, tuple[Any, str]]) -> None:
    for key, parse in _NAMES_OF_DEVICES.items():
        name = getattr(settings.kiosk, key)
        try:
            parse(name)
        except ValueError as error:
            _, origin = given[f"kiosk.{key}"]
            message = f"{origin}: kiosk.{key}: {error} (given: {name!r})"
            raise SettingsError(message) from None


def _check_codes(settings: Settings, given: Mapping[str, tuple[Any, str]]) -> None:
    try:
        code_forms(settings.kiosk.item_codes, settings.kiosk.card_codes)
    except CodeSettingError as error:
        _, origin = given[f"kiosk.{error.key}"]
        message = f"{origin}: kiosk.{error.key}: {error}"
        raise SettingsError(message) from None


def _check_zone(settings: Settings, given: Mapping[str, tuple[Any, str]]) -> None:
    zone = settings.library.time_zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _, origin = given["library.time_zone"]
        message = f"{origin}: library.time_zone: there is no time zone {zone!r}; write one such as Asia/Taipei"
        raise SettingsError(message) from None

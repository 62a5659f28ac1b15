"""What the figures were taken on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("PySide6-Essentials", "sqlcipher3", "sqlalchemy", "litestar", "zstandard")


def facts(folder: Path) -> dict[str, object]:
    """The machine, its load, the versions of what is measured; ``folder`` is where the files of the measures lie."""
    return {
        "processor": _after_colon(Path("/proc/cpuinfo"), "model name"),
        "processors": os.cpu_count(),
        "memory": _after_colon(Path("/proc/meminfo"), "MemTotal"),
        "kernel": platform.release(),
        "file_system": _file_system(folder),
        "load_before": os.getloadavg(),
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def commit() -> str:
    """The commit of the source tree, with a plus when files differ from it; empty outside a repository."""
    described = _said(["git", "rev-parse", "--short=12", "HEAD"])
    return described + "+" if described and _said(["git", "status", "--porcelain"]) else described


def processor_seconds(process: int) -> float:
    """What a process has worked so far, all its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(process: int) -> int:
    """The memory that a process holds now."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _after_colon(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _file_system(folder: Path) -> str:
    return _said(["stat", "--file-system", "--format", "%T", str(folder.resolve())])

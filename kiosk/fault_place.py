"""Where a fault happened, for the log."""

from pathlib import Path
from traceback import extract_tb


def place_of(error: BaseException) -> str:
    """File and line of a fault, empty when it was never raised. Its message stays out: it might hold what must not be in a log."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""

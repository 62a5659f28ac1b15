"""What a driver may say of an error that nobody foresaw."""

from pathlib import Path
from traceback import extract_tb


def place_of(error: Exception) -> str:
    """Name the error's kind and the line it came from. Its own words may hold what a card said: the place is enough for an engineer."""
    frames = extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"

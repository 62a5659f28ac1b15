"""Text that quotes somebody outside, made fit for a database, a log and a terminal."""

LONGEST = 200


def plain(text: str, *, longest: int = LONGEST) -> str:
    r"""The text cut to a length, with what can't be printed written out: ``\x00`` for a NUL, which PostgreSQL refuses in a text."""
    cut = text[:longest]
    if cut.isprintable():
        return cut
    return "".join(point if point.isprintable() else point.encode("unicode_escape").decode("ascii") for point in cut)[:longest]


def has_controls(text: str) -> bool:
    """Whether control characters or halves of surrogate pairs stand in it: no name has any."""
    return any(point < " " or "\x7f" <= point < "\xa0" or "\ud800" <= point < "\ue000" for point in text)

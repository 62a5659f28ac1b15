"""Runs command after command of ``youyue`` in one process, and prints what each said: a process for each costs seconds.

Reads a JSON list of lists of words from standard input.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from youyue.cli import main


def said_by(words: list[str]) -> dict[str, object]:
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(words)
        except SystemExit as end:
            code = end.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps([said_by(words) for words in json.load(sys.stdin)]))

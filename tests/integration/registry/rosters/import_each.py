"""Imports file after file into one registry, and prints for each what the command said."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from youyue.cli import main


def said_of(folder: str, file: str) -> dict[str, object]:
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(["registry", "import", "bureau-students", file, "--yes", "--folder", folder])
        except SystemExit as end:
            code = end.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    registry_folder, *files = sys.argv[1:]
    for name in files:
        sys.stdout.write(json.dumps(said_of(registry_folder, name)) + "\n")

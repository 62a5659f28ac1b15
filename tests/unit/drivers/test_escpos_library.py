"""The library that prints leaves nothing behind where it is imported."""

import os
import subprocess
import sys
from pathlib import Path

LOOK = "import logging; import drivers.escpos_library; print(logging.root.handlers)"


def test_its_import_leaves_no_folder_and_no_handler_of_logs_and_says_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("[]\n", "")
    assert list(tmp_path.iterdir()) == []

"""``youyue registry`` with its rows on a PostgreSQL server: the URL by option, by setting, by environment."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from click.testing import CliRunner, Result

from tests.integration.registry.homes import FILE
from tests.postgres import PASSWORD, PostgresServer
from youyue.cli.root import root
from youyue.settings import without_password

YOUYUE = (sys.executable, "-m", "youyue")
PATIENCE_S = 60.0


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create()
    yield name
    postgres.drop(name)


def youyue(*words: str, **environment: str) -> Result:
    return CliRunner(env={"YOUYUE_SETTINGS": os.devnull, **environment}).invoke(root, words)


def test_a_registry_on_a_server_is_made_served_and_stopped(tmp_path: Path, postgres: PostgresServer, database: str) -> None:
    folder, url = str(tmp_path / "registry"), postgres.url(database)
    made = youyue("registry", "init", "--folder", folder, "--database", url)
    assert made.exit_code == 0, made.stderr
    assert f"the PostgreSQL database {database} at" in made.stdout
    again = youyue("registry", "init", "--folder", folder, YOUYUE_REGISTRY_DATABASE=url)
    assert (again.exit_code, "there is a library in it already" in again.stderr) == (2, True)
    settings = tmp_path / "youyue.toml"
    settings.write_text(f'[registry]\nfolder = "{folder}"\ndatabase = "{url}"\n', "utf-8")
    assert re.match(r"[0-9A-Z-]{14} ", youyue("--settings", str(settings), "registry", "code", "C01").stdout)
    words = [*YOUYUE, "--settings", str(settings), "registry", "serve", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as serving:
        assert serving.stdout is not None
        line = serving.stdout.readline()
        where = re.search(r"serves (http://\S+) from the PostgreSQL database", line)
        assert where is not None, line
        assert requests.get(f"{where[1]}/health/ready", timeout=30).json() == {"status": "ready"}
        serving.send_signal(signal.SIGTERM)
        rest = serving.stdout.read()
        assert serving.wait(PATIENCE_S) in {0, -signal.SIGTERM}
    shown = youyue("--settings", str(settings), "settings").stdout
    for said in (made.stdout, again.stderr, line, rest, shown):
        assert PASSWORD not in said
        assert quote(PASSWORD, safe="") not in said
    assert not (tmp_path / "registry" / FILE).exists()
    assert postgres.as_admin("SELECT count(*) > 50 FROM branch", database=database) == [(True,)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:secret@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:sec:r@t@h:5432/d?sslmode=require", "postgresql://u:***@h:5432/d?sslmode=require"),
        ("postgresql://h/d?user=u&password=secret&sslmode=require", "postgresql://h/d?user=u&password=***&sslmode=require"),
        ("postgresql://u@h/d?sslpassword=secret", "postgresql://u@h/d?sslpassword=***"),
        ("postgresql://u@h:5432/d", "postgresql://u@h:5432/d"),
        ("Asia/Taipei", "Asia/Taipei"),
        (8390, 8390),
    ],
)
def test_a_setting_is_shown_without_its_password(url: object, shown: object) -> None:
    assert without_password(url) == shown

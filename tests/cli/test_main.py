"""The command line: one line of words for the operator, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lianxin.cli.main import COMMANDS, main
from lianxin.config.cannot_start import EXIT_CODE
from lianxin.config.environment import SOURCE


def lianxin(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lianxin.cli.main", *words]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    lines = capsys.readouterr().out.split("commands:\n")[1].splitlines()
    assert [line.split()[0] for line in lines] == list(COMMANDS)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["uninstall"])
    assert ended.value.code == 2


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    said = lianxin("doctor", DATABASE_URL=f"postgresql://lianxin@/lianxin?host={tmp_path}")
    assert said.returncode == 1
    assert said.stderr.startswith("lianxin: the database does not answer; is the product running?")
    assert said.stderr.count("\n") == 1


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path, live_port: int) -> None:
    said = lianxin("up", PORT=str(live_port), LIANXIN_VAR=str(tmp_path))
    expected = f"lianxin: http://127.0.0.1:{live_port}/ cannot be used: Address already in use. Choose another PORT.\n"
    assert (said.returncode, said.stderr) == (EXIT_CODE, expected)


def test_every_command_stands_in_the_operators_page() -> None:
    page = (SOURCE / "docs" / "operate.md").read_text()
    assert [name for name in COMMANDS if f"lianxin {name}" not in page] == []

"""How a fresh clone gets its uv."""

import subprocess

from scripts.get_uv import pip


def test_a_python_without_pip_uses_the_one_it_carries() -> None:
    answered = subprocess.run([*pip(), "--version"], capture_output=True, text=True, check=True)
    assert answered.stdout.startswith("pip ")

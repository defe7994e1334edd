"""How a fresh clone gets its uv."""

import runpy
import subprocess


def test_a_python_without_pip_uses_the_one_it_carries() -> None:
    pip = runpy.run_path("scripts/get_uv.py")["pip"]
    answered = subprocess.run([*pip(), "--version"], capture_output=True, text=True, check=True)
    assert answered.stdout.startswith("pip ")

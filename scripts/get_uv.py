"""Fetch uv from PyPI into a folder, by the pip of whichever Python runs this.

An environment of its own for one program, with a pip installed into it first, takes twice as long.
"""

import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path


def main(version: str, folder: Path) -> int:
    """The exit code of pip; what an interrupted run has left is thrown away first."""
    shutil.rmtree(folder, ignore_errors=True)
    quietly = ["install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
    return subprocess.run([*pip(), *quietly, "--target", folder, f"uv=={version}"], check=False).returncode


def pip() -> list[str]:
    """This Python's pip; where it has none, the one that it carries for new environments, run from its wheel."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    carried = find_spec("ensurepip")
    beside = Path(carried.origin).with_name("_bundled") if carried and carried.origin else Path()
    wheels = Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or beside)
    return [sys.executable, str(min(wheels.glob("pip-*.whl")) / "pip")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))

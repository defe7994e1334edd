"""`make bundle`: everything for a machine without internet: wheels for x86-64 and aarch64, hashes, SBOM, the source.

    bundle/lianxin-0.1.0/
      source.tar.gz  requirements.txt (with hashes)  sbom.cdx.json (CycloneDX)  SHA256SUMS  INSTALL.txt
      x86_64/*.whl   aarch64/*.whl

Wheels only, so that nothing is compiled on the target. glibc 2.28 or later: Debian 12, openEuler 20.03, 麒麟 V10.
"""

import hashlib
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
MACHINES = ("x86_64", "aarch64")
GLIBC = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
PYTHONS = ("3.11", "3.12", "3.13")

INSTALL = """\
Lianxin {version}, without internet. Python 3.11, 3.12 or 3.13 and glibc 2.28 or later are needed; nothing is compiled.

    sha256sum --check --quiet SHA256SUMS
    install -d /opt/lianxin && tar -xzf source.tar.gz -C /opt/lianxin --strip-components=1
    python3 -m venv /opt/lianxin/.venv
    /opt/lianxin/.venv/bin/pip install --no-index --find-links "$(uname -m)" --require-hashes -r requirements.txt
    /opt/lianxin/.venv/bin/pip install --no-index --no-deps --find-links "$(uname -m)" lianxin=={version}
    /opt/lianxin/.venv/bin/lianxin version

Then docs/operate.md in /opt/lianxin: users, systemd, nginx, backups.
"""


def main(uv: str, pip: str) -> int:
    """Gather it; every wheel is checked against the hash in uv.lock as it is fetched."""
    release = version("lianxin")
    to = SOURCE / "bundle" / f"lianxin-{release}"
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    export = [uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project"]
    _run(*export, "--output-file", str(to / "requirements.txt"))
    _run(*export, "--format", "cyclonedx1.5", "--output-file", str(to / "sbom.cdx.json"))
    _run(uv, "build", "--quiet", "--wheel", "--out-dir", str(to / "own"), str(SOURCE))
    for machine in MACHINES:
        _fetch(pip, to / "requirements.txt", to / machine, machine)
        for wheel in (to / "own").glob("*.whl"):
            shutil.copy(wheel, to / machine)
    shutil.rmtree(to / "own")
    _run(
        "git", "-C", str(SOURCE), "archive", f"--prefix=lianxin-{release}/", f"--output={to / 'source.tar.gz'}", "HEAD"
    )
    (to / "INSTALL.txt").write_text(INSTALL.format(version=release))
    _write_sums(to)
    print(f"{to}: {sum(file.stat().st_size for file in to.rglob('*') if file.is_file()) // 1024**2} MB")
    return 0


def _fetch(pip: str, requirements: Path, to: Path, machine: str) -> None:
    platforms = [word for glibc in GLIBC for word in ("--platform", f"{glibc}_{machine}")]
    wanted = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(requirements), "--dest", str(to)]
    for python in PYTHONS:
        _run(pip, "download", "--quiet", "--disable-pip-version-check", *wanted, "--python-version", python, *platforms)


def _write_sums(to: Path) -> None:
    files = sorted(file for file in to.rglob("*") if file.is_file())
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(to)}\n" for file in files]
    (to / "SHA256SUMS").write_text("".join(lines))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=SOURCE)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

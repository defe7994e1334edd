"""Who does the work when root started it: a system user, as PostgreSQL demands; ourselves where we are not root."""

import os
import pwd
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

import django

from lianxin.config.cannot_start import CannotStart
from lianxin.config.processes import die_with

NAME = "lianxin"


class Credentials(TypedDict, total=False):
    """What `subprocess` takes to start a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServiceUser:
    """The user who owns the embedded server's data and runs it."""

    uid: int
    gid: int

    @property
    def credentials(self) -> Credentials:
        """Nothing to change for ourselves; as root, the service user and none of root's groups."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def make_private_folder(self, folder: Path) -> None:
        """Make `folder` this user's own (mode 0700); the folders above it keep their modes."""
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def own(self, path: Path) -> None:
        """Give `path`, and all below it, to this user."""
        for each in (path, *path.rglob("*")):
            os.chown(each, self.uid, self.gid, follow_symlinks=False)

    def require_reach(self, folder: Path) -> None:
        """Refuse a folder that this user cannot enter, since we never loosen the folders above it."""
        reached = subprocess.run(["test", "-x", folder], cwd="/", check=False, **self.credentials)
        if reached.returncode != 0:
            raise CannotStart(
                f"The system user «{NAME}», who runs PostgreSQL, cannot enter {folder}. "
                "Set LIANXIN_VAR to a folder that every user can pass through, such as /var/lib/lianxin."
            )

    def can_read(self, path: Path) -> bool:
        """Whether this user can read the file, through all the folders above it."""
        read = subprocess.run(["test", "-r", path], cwd="/", check=False, **self.credentials)
        return read.returncode == 0


def what_hinders() -> str:
    """Why the server and the worker must stay root: the file that the service user cannot read; empty if none."""
    if os.geteuid() != 0:
        return ""
    user = service_user()
    needed = [Path(__file__), Path(django.__file__), Path(sys.executable)]
    return next((str(path) for path in needed if not user.can_read(path)), "")


def step_down(parent: int) -> None:
    """As root become the service user for good, and die with `parent` as before; else nothing.

    Called last, by the process that answers pages or does jobs: its keys are read, its port is open, its log and its
    key file belong to that user. Where the program itself lies in a folder that only root can enter it stays root,
    and `lianxin doctor` says so.
    """
    if os.geteuid() != 0 or what_hinders():
        return
    user = service_user()
    os.setgroups([])
    os.setresgid(user.gid, user.gid, user.gid)
    os.setresuid(user.uid, user.uid, user.uid)
    die_with(parent, signal.SIGKILL)


def hand_over(*paths: Path) -> None:
    """As root: these files and folders belong to who serves."""
    if os.geteuid() == 0 and not what_hinders():
        for path in paths:
            service_user().own(path)


@cache
def service_user() -> ServiceUser:
    """Ourselves, or as root the system user `lianxin`, made when missing."""
    if os.geteuid() != 0:
        return ServiceUser(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _add_system_user()
        entry = pwd.getpwnam(NAME)
    return ServiceUser(entry.pw_uid, entry.pw_gid)


def _add_system_user() -> None:
    already_there = 9
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, text=True, check=False)
    if made.returncode not in {0, already_there}:
        raise CannotStart(f"The system user «{NAME}» cannot be made: {made.stderr.strip()}")

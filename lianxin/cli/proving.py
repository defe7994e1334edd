"""Proving a database that was just restored: in a process of its own, which sees that database and no other."""

import os
import subprocess

from lianxin.config.parts import our_command


def prove(url: str) -> bool:
    """Whether the books balance there, the journal is whole, and sealed fields open; what is wrong is printed."""
    proof = subprocess.run(our_command("verify-books", "--sealed"), env=os.environ | {"DATABASE_URL": url}, check=False)
    return proof.returncode == 0

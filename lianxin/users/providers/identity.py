"""What every adapter offers, and what it brings home."""

from dataclasses import dataclass
from typing import Protocol


class NotProven(Exception):
    """The provider's answer does not hold: nobody is signed in. The words are for the log, never for the page."""


@dataclass(frozen=True)
class Identity:
    """An account elsewhere, as its provider vouches for it. `phone` is empty unless the provider verified it."""

    provider: str
    subject: str
    phone: str = ""


@dataclass(frozen=True)
class Errand:
    """What we remember while the visitor is away: one for each try, never sent along but for the state."""

    state: str
    nonce: str
    verifier: str
    back: str


class Provider(Protocol):
    """A kind of account elsewhere. Neither method touches the database."""

    name: str
    words: str

    def address(self, errand: Errand) -> str:
        """Where to send the visitor."""

    def identity(self, errand: Errand, code: str) -> Identity:
        """Whose code it is that he brought back; raises `NotProven`."""

"""Who carries an SMS out of the house. The default keeps it in the outbox, where developers and demo users read it."""

from typing import Protocol


class Carrier(Protocol):
    """Hands one text to the telephone network; raises when it could not."""

    def carry(self, *, phone: str, text: str) -> None: ...


class Outbox:
    """The development carrier: the row in the outbox is the delivery."""

    def carry(self, *, phone: str, text: str) -> None:
        """Nothing leaves the house."""

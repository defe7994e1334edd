"""How the product says no: always in words that tell a person what to do next."""

from django.utils.functional import Promise


class Refused(Exception):
    """What was asked cannot be done now; nothing has changed.

    `words` is a whole sentence for the person who asked; `field` names the input it is about, if one is.
    """

    def __init__(self, words: str | Promise, *, field: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.field = field

    def __str__(self) -> str:
        return str(self.words)


class Forbidden(Refused):
    """This person may not do that, or may not see it."""

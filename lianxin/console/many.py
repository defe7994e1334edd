"""What became of a deed done to several rows at once: how many went through, and of the others which, and why (K4)."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.base.refused import Refused

MOST_TOLD = 5


def tell_what_became(request: HttpRequest, words: str, refused: Iterable[tuple[str | int, Refused]]) -> None:
    """Say it in `words` if anything was done (empty if nothing was), and name what was refused with its reason."""
    if words:
        messages.success(request, words)
    left = list(refused)
    for name, refusal in left[:MOST_TOLD]:
        messages.warning(request, _("%(name)s没有办成：%(why)s") % {"name": _called(name), "why": refusal})
    if len(left) > MOST_TOLD:
        messages.warning(request, _("还有 %(count)d 项没有办成，仍在列表里。") % {"count": len(left) - MOST_TOLD})


def _called(name: str | int) -> str:
    """An order by its number, anybody else by name."""
    return _("%(number)d 号") % {"number": name} if isinstance(name, int) else f"{name} "

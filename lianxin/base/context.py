"""What every page knows: the size of its type, and whose installation this is."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from lianxin.base.models import Installation

ELDER_COOKIE = "elder"
# The value of the cookie, the root's type size in px (the norm for elders: at least 18, up to 30), and its name.
SIZES = (("0", 16, _("标准")), ("1", 20, _("大")), ("2", 24, _("更大")), ("3", 30, _("最大")))
PIXELS = {step: pixels for step, pixels, _name in SIZES}


def page(request: HttpRequest) -> dict[str, Any]:
    """For every template; asks the database for `installation` only if the template does, and once."""
    step = step_of(request.COOKIES.get(ELDER_COOKIE))
    return {
        "elder": step != "0",
        "elder_step": step,
        "size": PIXELS[step],
        "sizes": SIZES,
        "installation": SimpleLazyObject(Installation.objects.first),
    }


def step_of(value: str | None) -> str:
    """The step of type size that a cookie or a form names; the standard one when it names none."""
    return value if value in PIXELS else "0"

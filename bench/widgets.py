"""Drawing the filters of a list, two with sixty places each: by the renderer in use, and by Django's own templates."""

import os
import sys
from time import perf_counter

import django
from django import forms
from django.conf import settings
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.utils.module_loading import import_string

from bench.figures import Figure, say

TIMES = 200
PLACES = [("", "全部"), *((str(number), f"第 {number} 社区") for number in range(60))]


class Filters(forms.Form):
    """As on the ledger of volunteers."""

    q = forms.CharField(required=False)
    place = forms.ChoiceField(choices=PLACES)
    team = forms.ChoiceField(choices=PLACES)


def milliseconds(renderer: BaseRenderer) -> float:
    """To draw all of them once; drawn before, so that templates are compiled."""
    form = Filters({"place": "7", "team": "12"}, renderer=renderer)
    drawn = [str(field) for field in form]
    began = perf_counter()
    for _time in range(TIMES):
        drawn = [str(field) for field in form]
    assert "selected" in drawn[1]
    return round((perf_counter() - began) / TIMES * 1000, 2)


def main() -> int:
    """Print both."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
    django.setup()
    used = milliseconds(import_string(settings.FORM_RENDERER)())
    own = milliseconds(DjangoTemplates())
    say("widgets", [Figure("filters_drawn", used, "ms", "Django's own templates", own, "ms")])
    return 0


if __name__ == "__main__":
    sys.exit(main())

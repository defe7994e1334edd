"""Printed pages by typst: a template that is ours, and facts that are passed as data, never as markup.

The fonts are those of the folder `LIANXIN_FONTS` and of the system. Typst passes over a family that it does not know in
silence and prints boxes, so a page is made only when a Chinese family is really there.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lianxin.base.refused import Refused

CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "LXGW WenKai",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
)
_one_at_a_time = Lock()


def made(template: Path, facts: Mapping[str, Any]) -> bytes:
    """The PDF of a template of ours with these facts, which it reads from `sys.inputs.facts`."""
    inputs = {"facts": json.dumps(facts, ensure_ascii=False), "font": _font()}
    with _one_at_a_time:
        return cast("bytes", _compiler().compile(input=template.read_bytes(), format="pdf", sys_inputs=inputs))


@cache
def _compiler() -> typst.Compiler:
    """One for the process: it reads every font once."""
    return typst.Compiler(font_paths=_folders())


@cache
def _font() -> str:
    known = set(typst.Fonts(include_system_fonts=True, font_paths=_folders()).families())
    for family in CHINESE:
        if family in known:
            return family
    raise Refused(
        _("这台服务器没有中文字体，打印不了。请管理员安装 fonts-noto-cjk，或在 LIANXIN_FONTS 里指定字体目录。")
    )


def _folders() -> list[str]:
    return [settings.FONTS] if settings.FONTS else []

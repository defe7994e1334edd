"""Printed pages: facts are data and never markup, and without a Chinese font nothing is printed."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lianxin.base import pdf
from lianxin.base.refused import Refused

TEMPLATE = """
#let facts = json(bytes(sys.inputs.facts))
#set text(font: sys.inputs.font)
#facts.words
"""


def fonts_in(made: bytes) -> set[str]:
    """The families of the fonts that the PDF carries, read from its packed parts."""
    parts = [made, *map(unpacked, re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL))]
    names = {name for part in parts for name in re.findall(rb"/BaseFont\s*/[A-Z]{6}\+(\w+)", part)}
    return {name.decode().casefold() for name in names}


def unpacked(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "page.typ"
    file.write_text(TEMPLATE)
    return file


@pytest.fixture
def fresh_fonts() -> Iterator[None]:
    pdf._font.cache_clear()
    yield
    pdf._font.cache_clear()


def test_a_page_is_made_in_a_chinese_font(template: Path) -> None:
    made = pdf.made(template, {"words": "今日上门单"})
    assert made.startswith(b"%PDF")
    assert fonts_in(made) == {pdf._font().replace(" ", "").casefold()}


@pytest.mark.parametrize("words", ['#panic("no")', '#read("/etc/passwd")', "*_$[", '"; #let x = 1'])
def test_what_people_wrote_is_never_markup(template: Path, words: str) -> None:
    assert pdf.made(template, {"words": words}).startswith(b"%PDF")


def test_without_a_chinese_font_the_refusal_says_what_to_install(
    template: Path, monkeypatch: pytest.MonkeyPatch, fresh_fonts: None
) -> None:
    monkeypatch.setattr(pdf, "CHINESE", ("No Such Family",))
    with pytest.raises(Refused, match="fonts-noto-cjk"):
        pdf.made(template, {"words": "好"})

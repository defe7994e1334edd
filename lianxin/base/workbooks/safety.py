"""What a workbook holds before it is read: refuses bombs, and finds the cells that are formulas.

A workbook of 110,000 rows and twelve columns unpacks to about 100 MB; the caps leave room and stop what would not fit
into memory. Cells are read into a dense grid, so a lone cell far away costs as much as all cells before it.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from django.utils.translation import gettext_lazy as _

from lianxin.base.refused import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 8_000_000
MOST_FORMULAS = 500_000
COLUMNS = 16_384
CHUNK = 1 << 20
LONGEST_TAG = 4_096

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:\s*<(?:\w+:)?(f)[\s/>])?')


def inspected(data: bytes) -> list[frozenset[int]]:
    """For each sheet of an xlsx, in order, the places of its formulas (`place`); refuses what is no honest workbook."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            _require_modest(packed)
            return [_formulas(packed, part) for part in _sheet_parts(packed)]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(
            _("这个文件打不开，可能坏了或者加了密码。请用 Excel 另存为 xlsx 再上传。"), field="file"
        ) from error


def place(row: int, column: int) -> int:
    """One number for a cell, counted from 0."""
    return row * COLUMNS + column


def _require_modest(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    unpacked = 0
    for part in parts[:MOST_PARTS]:
        # What a part says of its size may be a lie; unpacking it says the truth, and ends at the cap.
        with packed.open(part) as opened:
            for piece in _pieces(opened):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise Refused(_("这个文件解开以后太大，没有读。请把名单分成几个文件再上传。"), field="file")
    if len(parts) > MOST_PARTS:
        raise Refused(_("这个文件里的东西太多，没有读。请只留名单那一张表，另存后再上传。"), field="file")


def _sheet_parts(packed: zipfile.ZipFile) -> list[str]:
    """The parts of the sheets, in the order in which the workbook names them."""
    targets = {}
    for tag in _RELATION.findall(packed.read("xl/_rels/workbook.xml.rels")):
        facts = _facts(tag)
        targets[facts["Id"]] = facts["Target"]
    book = packed.read("xl/workbook.xml")
    wanted = [_facts(tag) for tag in _SHEET.findall(book)]
    names = [targets[next(value for name, value in facts.items() if name.endswith(":id"))] for facts in wanted]
    return [name.lstrip("/") if name.startswith("/") else f"xl/{name}" for name in names]


def _facts(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}


def _formulas(packed: zipfile.ZipFile, part: str) -> frozenset[int]:
    found: set[int] = set()
    rows = columns = 0
    kept = b""
    with packed.open(part) as opened:
        for piece in _pieces(opened):
            text = kept + piece
            end = text.rfind(b"</", 0, -LONGEST_TAG) if len(piece) == CHUNK else len(text)
            end = end if end > 0 else len(text)
            for letters, digits, formula in _CELL.findall(text, 0, end):
                row, column = int(digits) - 1, _column(letters)
                rows, columns = max(rows, row + 1), max(columns, column + 1)
                if formula:
                    found.add(place(row, column))
            if rows * columns > MOST_CELLS or len(found) > MOST_FORMULAS:
                raise Refused(_("表格太大，或者很远的地方还有零散的格子。请只复制名单部分到新表再上传。"), field="file")
            kept = text[end:]
    return frozenset(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _pieces(opened: IO[bytes]) -> Iterator[bytes]:
    while piece := opened.read(CHUNK):
        yield piece

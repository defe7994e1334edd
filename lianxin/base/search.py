"""Search by what people type: two characters of a name, or the first letters of its pinyin.

Two Chinese characters are the usual query and too short for trigrams, so a row keeps an array of its pieces
under a GIN index and a query asks for rows that hold all of its own pieces.
"""

from itertools import pairwise

from pypinyin import Style, lazy_pinyin


def initials(text: str) -> str:
    """The first letters of the text's pinyin in lower case: 王秀英 gives wxy."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def grams(text: str) -> list[str]:
    """The pieces by which `text` is found: each character, each two neighbours, and those of its initials."""
    folded = _folded(text)
    return sorted({*folded, *_pairs(folded), *_pairs(_folded(initials(text)))})


def pieces_of_query(query: str) -> list[str]:
    """The pieces that a row must hold to match `query`."""
    folded = _folded(query)
    return sorted({*_pairs(folded)} or {*folded})


def _folded(text: str) -> str:
    """Letters and digits alone, so that a name is found with or without its dot, its space and its capitals."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _pairs(text: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(text)]

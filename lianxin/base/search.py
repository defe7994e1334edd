"""Search by what people type: two characters of a name, or the first letters of its pinyin.

Two Chinese characters are the usual query and too short for trigrams, so a row keeps an array of its pieces
under a GIN index and a query asks for rows that hold all of its own pieces.
"""

from functools import cache
from itertools import combinations, pairwise

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

SURNAMES = {
    "单": "s", "曾": "z", "仇": "q", "解": "x", "查": "z", "区": "o", "翟": "z", "乐": "y", "覃": "q", "折": "s",
    "种": "c", "秘": "b", "阚": "k", "繁": "p", "召": "s", "句": "g", "佴": "n",
    "长孙": "zs", "澹台": "tt", "万俟": "mq", "单于": "cy", "尉迟": "yc",
}  # fmt: skip
"""The initials of characters that are read otherwise in a surname; dictionaries of words do not know which is one."""


LONGEST_NAME = 4


def initials(text: str) -> str:
    """The first letters of the text's pinyin in lower case: 王秀英 gives wxy.

    A roster has a hundred thousand names, and cutting each into words takes twenty times as long as reading its
    characters, of which there are few; so a short text is cut only if there is a word in it.
    """
    if len(text) <= LONGEST_NAME and not _holds_a_word(text):
        return "".join(map(_initial, text))
    return _cut(text)


@cache
def _initial(character: str) -> str:
    return _cut(character)


def _cut(text: str) -> str:
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def _holds_a_word(text: str) -> bool:
    """Whether pypinyin knows a part of the text as a word, which may be read otherwise than its characters."""
    return any(text[start:end] in PHRASES_DICT for start, end in combinations(range(len(text) + 1), 2))


def surname_initials(text: str) -> str:
    """The initials with the first character, or two, read as a surname: 单国强 gives sgq, 尉迟文 ycw."""
    for length in (2, 1):
        if read := SURNAMES.get(text[:length]):
            return read + initials(text[length:])
    return initials(text)


def grams(text: str) -> list[str]:
    """The pieces by which `text` is found: each character, each two neighbours, and those of its initials, be the
    first character read as a surname or as a word."""
    folded = _folded(text)
    read = (_folded(initials(text)), _folded(surname_initials(text)))
    return sorted({*folded, *_pairs(folded), *_pairs(read[0]), *_pairs(read[1])})


def pieces_of_query(query: str) -> list[str]:
    """The pieces that a row must hold to match `query`."""
    folded = _folded(query)
    return sorted({*_pairs(folded)} or {*folded})


def _folded(text: str) -> str:
    """Letters and digits alone, so that a name is found with or without its dot, its space and its capitals."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _pairs(text: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(text)]

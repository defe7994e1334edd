"""接龙: the numbered lists that people pass on in chats («1. 张三 2. 李四 138…»), read as lines."""

import re
import unicodedata
from dataclasses import dataclass

_LINK = re.compile(r"(?:^|(?<=[\s,，;；。]))(\d{1,3})\s*[.、．:：)）]\s*")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)")
_NAME = re.compile(
    r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{1,8})*|[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)+|[A-Za-z][A-Za-z .]+"
)
_DOTS = str.maketrans(dict.fromkeys("•‧・●∙⋅", "·"))


@dataclass(frozen=True)
class Link:
    """One entry: its number, the name and phone in it, and what else was written."""

    number: int
    name: str
    phone: str
    rest: str


def links_of(text: str) -> list[Link]:
    """The entries of a chain, in order; what stands before the first number is its title."""
    folded = unicodedata.normalize("NFKC", text).translate(_DOTS)
    marks = list(_LINK.finditer(folded))
    ends = [mark.start() for mark in marks[1:]] + [len(folded)]
    found = [_link(int(mark[1]), folded[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
    return [link for link in found if link.name or link.phone]


def _link(number: int, words: str) -> Link:
    phone = _PHONE.search(words)
    left = words.replace(phone[0], " ") if phone else words
    name = _NAME.search(left)
    rest = left.replace(name[0], " ", 1) if name else left
    digits = re.sub(r"\D", "", phone[0]) if phone else ""
    return Link(number, name[0].strip() if name else "", digits, " ".join(rest.split())[:60])

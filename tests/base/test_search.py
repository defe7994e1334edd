"""Two characters of a name, or the first letters of its pinyin, find it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.search import grams, initials, pieces_of_query

NAMES = st.one_of(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6),
    st.text(st.sampled_from("扎西尼玛·德吉Anna Li-é"), min_size=1, max_size=12),
    st.text(min_size=1, max_size=12),
)


def finds(query: str, name: str) -> bool:
    return set(pieces_of_query(query)) <= set(grams(name))


@pytest.mark.parametrize("query", ["王", "王秀", "秀英", "王秀英", "wx", "wxy", "xy", "WXY", " 王 秀 "])
def test_a_name_is_found_by_its_characters_and_initials(query: str) -> None:
    assert finds(query, "王秀英")


@pytest.mark.parametrize("query", ["王英", "李", "wy", "秀王"])
def test_a_name_is_not_found_by_what_is_not_in_it(query: str) -> None:
    assert not finds(query, "王秀英")


@pytest.mark.parametrize("query", ["扎西·尼玛", "扎西尼玛", "扎西 尼玛", "zxnm", "西尼"])
def test_a_dotted_name_is_found_with_and_without_its_dot(query: str) -> None:
    assert finds(query, "扎西·尼玛")


@pytest.mark.parametrize("query", ["anna li", "Anna", "annali", "ANNA LI"])
def test_a_name_of_two_words_is_found_as_it_is_written(query: str) -> None:
    assert finds(query, "Anna Li")


def test_initials_are_those_of_the_pinyin() -> None:
    assert initials("王秀英") == "wxy"


@given(name=NAMES, ends=st.tuples(st.integers(0, 12), st.integers(0, 12)))
def test_every_part_of_a_name_finds_it(name: str, ends: tuple[int, int]) -> None:
    first, last = min(ends), max(ends)
    assert finds(name[first:last], name)


@given(name=NAMES)
def test_a_piece_has_one_or_two_characters_and_is_kept_once(name: str) -> None:
    pieces = grams(name)
    assert {len(piece) for piece in pieces} <= {1, 2}
    assert len(pieces) == len(set(pieces))

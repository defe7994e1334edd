"""Every route of the product, read from Django's own resolver."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from lianxin.base.access import may_of


class Route(NamedTuple):
    """A named address, its pattern, and what its view says of who may open it."""

    name: str
    pattern: str
    may: str | None


def routes() -> list[Route]:
    return list(_below(get_resolver().url_patterns))


def _below(patterns: Sequence[URLPattern | URLResolver], space: str = "", prefix: str = "") -> Iterator[Route]:
    for each in patterns:
        pattern = f"{prefix}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _below(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space, pattern)
        else:
            yield Route(f"{space}{each.name or pattern}", pattern, may_of(each.callback))

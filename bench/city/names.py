"""Invented names of people and places."""

from collections.abc import Iterator
from itertools import count, product
from random import Random

from lianxin.demo.names import SURNAMES, UNUSUAL
from lianxin.needs.rules import DOOR_WORDS

GIVEN = (
    "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英兰梅华玉珍凤淑琴志建国文海波鹏飞红春玲辉丹萍雪林鑫宇浩然子涵"
    "雨桐欣怡佳琪嘉晨曦思远博俊熙诗梦瑶婷婉清荣贵福德昌树永庆云龙祥瑞泽安康宁乐天可心一诺"
)
COMMON = list(range(len(SURNAMES), 0, -1))
"""The first surnames are the commonest ones, as everywhere."""

ENDINGS = ("", *"里园苑街路湾桥坊庄巷台岭湖山泉门东西南北新和安福兴")
TEAMS = ("红帽队", "邻里队", "护学队", "银发队", "理发队", "维修队", "陪诊队", "巡河队")


def people(luck: Random) -> Iterator[str]:
    """One name after the other; as in a city, many more than once."""
    while True:
        for surname in luck.choices(SURNAMES, COMMON, k=1_000):
            if luck.random() < 0.001:
                yield luck.choice(UNUSUAL)
            else:
                yield surname + "".join(luck.choices(GIVEN, k=1 if luck.random() < 0.15 else 2))


def places(kind: str) -> Iterator[str]:
    """红梅社区, 青松社区 …: each once, with a number when the words are used up."""
    for number in count(1):
        for ending, word in product(ENDINGS, DOOR_WORDS):
            yield f"{word}{ending}{number if number > 1 else ''}{kind}"

"""Invented names: common surnames and given names, crossed and shuffled, each used once."""

from collections.abc import Iterator
from itertools import product
from random import Random

SURNAMES = (
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 "
    "梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕"
).split()
ELDER = (
    "桂兰 淑珍 玉兰 凤英 素芬 秀珍 桂芝 淑琴 玉梅 凤兰 德厚 德昌 福全 永贵 长顺 建业 国良 宝山 振华 树林 "
    "景春 万才 玉田 庆余"
).split()
MIDDLE = (
    "丽华 红霞 春梅 雪梅 艳萍 玉洁 晓东 志刚 卫平 建军 海燕 立新 国强 永红 亚娟 秀云 大勇 金玲 少华 文辉 "
    "爱民 继红 长青 晓光"
).split()
YOUNG = (
    "子涵 雨桐 一诺 浩然 思远 佳怡 梓轩 欣悦 宇航 晨曦 嘉宁 若琳 博文 诗雨 天佑 可心 俊熙 明轩 语嫣 泽宇 "
    "晓彤 家齐 书瑶 逸飞"
).split()
# A compound surname, or a name with a dot, as a real city has them.
UNUSUAL = ("欧阳文秀", "扎西·尼玛", "上官月娥", "司马长河", "阿依古丽·买买提", "那仁托娅")
ELDER_FROM, YOUNG_UNTIL = 60, 36


class Names:
    """Draws a name that fits an age and was not drawn before."""

    def __init__(self, rng: Random) -> None:
        self._drawn = {given: _shuffled(given, rng) for given in (tuple(ELDER), tuple(MIDDLE), tuple(YOUNG))}

    def draw(self, age: int) -> str:
        """The next name for somebody of this age."""
        given = ELDER if age >= ELDER_FROM else YOUNG if age < YOUNG_UNTIL else MIDDLE
        return next(self._drawn[tuple(given)])


def _shuffled(given: tuple[str, ...], rng: Random) -> Iterator[str]:
    names = ["".join(pair) for pair in product(SURNAMES, given)]
    rng.shuffle(names)
    return iter(names)

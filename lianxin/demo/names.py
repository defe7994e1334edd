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
    "景春 万才 玉田 庆余 秀芝 桂荣 淑华 玉琴 凤霞 素珍 桂英 秀兰 淑芹 玉芝 金凤 翠英 春生 德明 福山 永祥 长海 "
    "文彬 国荣 宝林 振东 树森 明德 玉山 景林 万福 守信 兆丰 连生"
).split()
MIDDLE = (
    "丽华 红霞 春梅 雪梅 艳萍 玉洁 晓东 志刚 卫平 建军 海燕 立新 国强 永红 亚娟 秀云 大勇 金玲 少华 文辉 "
    "爱民 继红 长青 晓光 丽娟 秀梅 雅芳 慧敏 艳红 晓梅 海英 春燕 玉凤 建华 志宏 永刚 国庆 立军 晓峰 振宇 "
    "保国 学文 忠义 兴旺 大伟 金生 树青 文斌 少军 向东 新民 凯歌"
).split()
YOUNG = (
    "子涵 雨桐 一诺 浩然 思远 佳怡 梓轩 欣悦 宇航 晨曦 嘉宁 若琳 博文 诗雨 天佑 可心 俊熙 明轩 语嫣 泽宇 "
    "晓彤 家齐 书瑶 逸飞 梦洁 雅静 丹阳 宏宇 嘉伟 慧琳 静怡 婷婷 志远 文静 楠楠 铭哲 佳宁 雪莹 睿哲 冠宇 "
    "心怡 紫萱 子墨 皓轩 依诺 瑞雪 启航 沐阳 乐瑶 景行 安然 知夏"
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

"""When a call is made, and made again (rule N1), and what an SMS may say (rule N2)."""

import re
from datetime import datetime, time, timedelta

from django.utils import timezone

CALLS_FROM, CALLS_UNTIL = time(9, 0), time(18, 0)
ROUNDS = (time(10, 0), time(16, 0))
APART = timedelta(hours=3)
SOON = timedelta(minutes=15)
"""When somebody who may know how a person is, is tried again (rule S1)."""

LINKS = ("http", "www.", "://", ".cn/", ".com")
HEALTH_WORDS = (
    "病 医院 就医 就诊 看诊 陪诊 门诊 急诊 住院 出院 手术 化疗 透析 取药 送药 吃药 用药 药品 护理 康复 残疾 失能 失智 "
    "痴呆 抑郁 精神 癌 血压 血糖 糖尿 心脏 中风 瘫 轮椅 体检 救护 量血"
).split()
QUOTED = re.compile("「([^」]*)」")


def next_call_time(moment: datetime) -> datetime:
    """`moment`, or the next 09:00 if it falls outside the hours in which one telephones elders."""
    local = timezone.localtime(moment)
    morning = local.replace(hour=CALLS_FROM.hour, minute=0, second=0, microsecond=0)
    if local.time() < CALLS_FROM:
        return morning
    return local if local.time() < CALLS_UNTIL else morning + timedelta(days=1)


def next_round(moment: datetime) -> datetime:
    """When to try again after a try at `moment`: at the next 10:00 or 16:00 that is three hours off or more."""
    local = timezone.localtime(moment)
    days = (local, local + timedelta(days=1))
    rounds = (day.replace(hour=hour.hour, minute=0, second=0, microsecond=0) for day in days for hour in ROUNDS)
    return next(each for each in rounds if each - local >= APART)


def may_be_sent(text: str) -> bool:
    """An SMS carries no link, since elders are taught not to follow one, and no word on health (rule N2)."""
    return not any(word in text for word in (*LINKS, *HEALTH_WORDS))


def without_health(text: str, instead: str) -> str:
    """The text with `instead` for what stands in 「」 and tells of health: 「陪诊」."""
    return QUOTED.sub(lambda found: found.group() if may_be_sent(found.group()) else instead, text)

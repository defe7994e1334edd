"""`lianxin breach`: who opened or exported whose sealed fields between two moments, and the switches of such a day."""

import argparse
import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from lianxin.cli.moments import moment
from lianxin.config import emergency
from lianxin.config.parts import say
from lianxin.journal.looks import looks, looks_by_actor
from lianxin.journal.models import Entry
from lianxin.people.models import Person

HEAD = ["时间", "谁", "用户号", "关于", "谁的信息", "人员号", "字段", "日志号"]
BATCH = 2_000

NOTICE = """\
个人信息安全事件通知（依据《个人信息保护法》第五十七条，请填好【】再发）

一、发生了什么：【{since} 至 {until}】期间，您登记在本系统的个人信息被不应当看到的人查看或者导出。
    涉及的信息种类：{fields}。原因：【】。可能造成的影响：【如骚扰电话、冒充志愿者上门、电信诈骗】。
二、我们已经采取的措施：【已暂停查看和导出，已让全部账号重新登录，已更换密钥，已报告主管部门】。
三、您可以采取的措施：接到自称志愿者的电话先核对上门暗号；不要告诉任何人验证码；发现可疑请打 110。
四、我们的名称和联系方式：【单位】【负责人】【电话】【地址】。
五、您可以随时来查：谁在什么时候看过您的信息，在“我的数据”里，或请社区打印。
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="since", type=moment, help='the first moment, such as "2026-11-20 08:00"')
    parser.add_argument("--until", type=moment, help="the last moment; now if left out")
    parser.add_argument("--by", type=int, metavar="USER", help="only what the user with this number did")
    parser.add_argument("--person", type=int, help="only what was the person's with this number")
    parser.add_argument("--out", type=Path, help="write the list there as CSV (else to standard output)")
    parser.add_argument("--freeze", action="store_true", help="stop all looks and exports from now on")
    parser.add_argument("--unfreeze", action="store_true", help="let them go on")
    parser.add_argument("--end-sessions", action="store_true", help="sign everybody out")


def run(options: argparse.Namespace) -> int:
    _throw_switches(options)
    if options.since:
        until = options.until or timezone.now()
        found = looks(since=options.since, until=until, by=options.by, person=options.person)
        _write(found, options.out)
        _sum_up(found, options.since, until)
    return 0


def _throw_switches(options: argparse.Namespace) -> None:
    if options.freeze:
        emergency.freeze()
        say("looks and exports are stopped; they go on after: lianxin breach --unfreeze")
    if options.unfreeze:
        emergency.unfreeze()
        say("looks and exports go on")
    if options.end_sessions:
        say(f"everybody is signed out ({emergency.end_all_sessions()} sessions)")
    if options.freeze:
        say("if the key file may have been seen: lianxin rotate-key")


def _write(found: "QuerySet[Entry, Entry]", out: Path | None) -> None:
    """A byte order mark lets Excel read it as UTF-8."""
    if out is None:
        csv.writer(sys.stdout).writerows([HEAD, *_lines(found)])
        return
    with open(out, "x", encoding="utf-8-sig", newline="", opener=_private) as file:
        csv.writer(file).writerows([HEAD])
        csv.writer(file).writerows(_lines(found))
    say(f"list written to {out}, for nobody else's eyes")


def _lines(found: "QuerySet[Entry, Entry]") -> Iterator[list[object]]:
    batch: list[Entry] = []
    for entry in found.iterator(BATCH):
        batch.append(entry)
        if len(batch) == BATCH:
            yield from _lines_of(batch)
            batch = []
    yield from _lines_of(batch)


def _lines_of(entries: list[Entry]) -> Iterator[list[object]]:
    wanted = {entry.for_person_id for entry in entries if entry.for_person_id is not None}
    names = {person.pk: person.masked_name for person in Person.objects.filter(pk__in=wanted).only("name")}
    for entry in entries:
        at = f"{timezone.localtime(entry.written_at):%Y-%m-%d %H:%M:%S}"
        who = [at, _harmless(entry.actor_name), entry.actor_id or ""]
        about = f"{entry.subject_type} {entry.subject_id}"
        whose = [names.get(entry.for_person_id or 0, ""), entry.for_person_id or ""]
        yield [*who, about, *whose, "、".join(map(str, entry.facts.get("fields", ()))), entry.pk]


def _harmless(text: str) -> str:
    """A name that begins like a formula would be one in Excel."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _sum_up(found: "QuerySet[Entry, Entry]", since: object, until: object) -> None:
    fields = sorted({str(name) for entry in found.iterator(BATCH) for name in entry.facts.get("fields", ())})
    affected = found.exclude(for_person_id=None).order_by().values("for_person_id").distinct().count()
    print(f"共 {found.count()} 次查看或导出，涉及 {affected} 人。", file=sys.stderr)
    for actor, times, people in looks_by_actor(found):
        print(f"  {actor}：{times} 次，{people} 人", file=sys.stderr)
    said = {"since": f"{since:%Y-%m-%d %H:%M}", "until": f"{until:%Y-%m-%d %H:%M}"}
    print(f"\n{NOTICE.format(fields='、'.join(fields) or '无', **said)}", file=sys.stderr)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

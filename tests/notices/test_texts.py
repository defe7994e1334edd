"""No text that the product sends by SMS holds a link or a word on health; each is signed and says whom to ring."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from lianxin.needs.models.orders import Order
from lianxin.notices.actions import Recipient, send
from lianxin.notices.models import Sms, Way
from lianxin.notices.rules import HEALTH_WORDS, LINKS, may_be_sent, next_round, without_health
from lianxin.people.actions.registering import register_person
from tests import make
from tests.make import moment

LIANXIN = Path(__file__).resolve().parents[2] / "lianxin"
SPEAKERS = [*LIANXIN.glob("*/tasks.py"), *LIANXIN.glob("*/tasks/**/*.py"), LIANXIN / "notices" / "actions.py"]
"""Where messages are worded: the listeners, and the sending itself."""


def texts(file: Path) -> Iterator[str]:
    """Every string that a file marks for people."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "gettext_noop"}:
            yield from (
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def test_no_text_holds_a_link_or_a_word_on_health() -> None:
    walked = [text for file in SPEAKERS for text in texts(file)]
    assert [text for text in walked if not may_be_sent(text)] == []
    assert len(walked) > 20


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["陪诊", "送药上门", "量血压", "小修小补"])
def test_an_order_says_nothing_of_health_by_sms_all_the_way(name: str, settings: Settings) -> None:
    settings.SMS_SIGNATURE = "连心市志愿服务"
    city = make.small_city()
    city.city.phone = "0414-1234567"
    city.city.save()
    neighbour = register_person(name="老孟", home=city.community, phone="13800000002", by=city.operator)
    item = make.menu_item(city.city, f"{name}服务")
    make.served_order(city, resident=neighbour, item=item, by=city.operator, way=Order.Way.WEB)
    make.everybody_hears()
    sent = [sms.text.open() for sms in Sms.objects.order_by("pk")]
    assert len(sent) == 3
    for text in sent:
        assert text.startswith("【连心市志愿服务】")
        assert text.endswith("有事请打 0414-1234567。")
        assert not [word for word in (*HEALTH_WORDS, *LINKS) if word in text]
    assert ("您点的服务" in sent[0]) == (name != "小修小补")
    assert "记下了" in sent[0]
    assert "他会说" in sent[1]


@pytest.mark.django_db
def test_a_reason_that_tells_of_health_is_not_sent_by_sms() -> None:
    to = Recipient(person_id=7, name="王秀英", user_id=None, phone="13800000001", scope="1.2")
    send(to=to, way=Way.SMS, text="「小修小补」已退回：您还在住院", key="k")
    assert "住院" not in Sms.objects.get().text.open()


@given(st.text(), st.sampled_from(HEALTH_WORDS), st.text())
def test_an_item_that_tells_of_health_is_never_named(before: str, word: str, after: str) -> None:
    hidden = without_health(f"「{before.replace('」', '')}{word}{after.replace('」', '')}」做好了", "「服务」")
    assert hidden == "「服务」做好了"


@pytest.mark.parametrize(
    ("tried", "again"),
    [
        ("2026-11-18 09:05", "2026-11-18 16:00"),
        ("2026-11-18 10:00", "2026-11-18 16:00"),
        ("2026-11-18 13:00", "2026-11-18 16:00"),
        ("2026-11-18 13:01", "2026-11-19 10:00"),
        ("2026-11-18 16:00", "2026-11-19 10:00"),
        ("2026-11-18 17:59", "2026-11-19 10:00"),
    ],
)
def test_who_was_missed_is_tried_at_ten_or_at_four(tried: str, again: str) -> None:
    assert next_round(moment(tried)) == moment(again)

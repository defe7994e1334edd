"""The small parts of a page say things as people say them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.base import clock, context
from lianxin.base.models import Installation
from lianxin.base.templatetags import parts

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _on_a_saturday() -> Iterator[None]:
    with clock.at(SATURDAY):
        yield


def shown(template: str, **variables: Any) -> str:
    """What the template puts on the page."""
    return engines["django"].from_string(template).render(variables)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(21, 14, 30), "今天 14:30"),
        (at(22, 9), "明天 09:00"),
        (at(20, 0), "昨天 00:00"),
        (at(23, 9), "周一 09:00"),
        (at(27, 23, 59), "周五 23:59"),
        (at(28, 9), "11月28日 09:00"),
        (at(19, 9), "11月19日 09:00"),
        (at(5, 14, 30, month=3), "3月5日 14:30"),
        (at(1, 8, month=1, year=2027), "2027年1月1日 08:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert f">{words}</time>" in shown("{{ moment|moment }}", moment=moment)


def test_the_day_turns_at_midnight_in_the_city_not_in_greenwich() -> None:
    just_after_midnight = datetime(2026, 11, 21, 16, 5, tzinfo=ZoneInfo("UTC"))
    assert ">明天 00:05</time>" in shown("{{ moment|moment }}", moment=just_after_midnight)


def test_a_moment_carries_its_full_date_for_hover_and_machine() -> None:
    assert parts.moment(at(23, 9)) == (
        '<time datetime="2026-11-23T09:00+08:00" title="2026年11月23日 周一 09:00">周一 09:00</time>'
    )


def test_no_moment_is_nothing() -> None:
    assert shown("{{ moment|moment }}{{ moment|day }}{{ moment|hours }}{{ moment|distance }}", moment=None) == ""


def test_a_day_is_said_without_a_time() -> None:
    assert parts.day(date(2026, 11, 22)) == '<time datetime="2026-11-22" title="2026年11月22日 周日">明天</time>'


def test_a_span_within_a_day_names_the_day_once() -> None:
    assert ">今天 14:30–16:30</time>" in shown("{% span_of_time a b %}", a=at(21, 14, 30), b=at(21, 16, 30))


def test_a_span_over_midnight_names_both_days() -> None:
    assert ">今天 22:00–明天 02:00</time>" in shown("{% span_of_time a b %}", a=at(21, 22), b=at(22, 2))


def test_a_span_may_be_one_range() -> None:
    class During:
        lower, upper = at(21, 14, 30), at(21, 16, 30)

    assert ">今天 14:30–16:30</time>" in shown("{% span_of_time during %}", during=During())


def test_a_span_without_an_end_is_its_beginning() -> None:
    assert parts.span_of_time(at(21, 14)) == parts.moment(at(21, 14))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 小时"),
        (45, "45 分钟"),
        (60, "1 小时"),
        (90, "1.5 小时"),
        (80, "1 小时 20 分钟"),
        (7560, "126 小时"),
        (-90, "\N{MINUS SIGN}1.5 小时"),
    ],
)
def test_minutes_are_said_in_hours_and_never_rounded(minutes: int, words: str) -> None:
    assert parts.hours(minutes) == words


def test_a_gain_may_carry_its_sign() -> None:
    assert shown('{{ 90|hours:"signed" }}') == "+1.5 小时"


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (20, "100 米以内"),
        (130, "100 米以内"),
        (610.4, "600 米"),
        (970, "1 公里"),
        (1234, "1.2 公里"),
        (12_300, "12 公里"),
    ],
)
def test_a_distance_is_no_finer_than_it_is_known(metres: float, words: str) -> None:
    assert parts.distance(metres) == words


class Order:
    """A row as the models make them."""

    class State(models.TextChoices):
        PLACED = "placed", "待<核实>"

    TONES = {State.PLACED: "waiting"}
    state = "placed"


def test_a_state_is_words_with_a_colour() -> None:
    assert shown("{% state order %}", order=Order()) == '<span class="state state-waiting">待&lt;核实&gt;</span>'


def test_a_tab_leads_to_its_page_and_shows_no_more_than_two_digits() -> None:
    own = shown(
        '{% tab "site:home" "home" "home" words many=120 many_words=more %}',
        words="首<页>",
        more="条<未读>",
        tab="home",
    )
    assert own.startswith(f'<li><a class="tab" href="{reverse("site:home")}" aria-current="page">')
    assert "<span>首&lt;页&gt;</span>" in own
    assert '<span class="count">99+<span class="visually-hidden"> 条&lt;未读&gt;</span></span>' in own
    other = shown('{% tab "site:home" "home" "home" "首页" many=nothing %}', tab="me")
    assert "aria-current" not in other
    assert "count" not in other


def test_a_count_that_changes_by_itself_is_there_before_there_is_anything_to_count() -> None:
    words = '<span class="visually-hidden"> 件</span></span>'
    assert shown('{% count "home" 0 %}') == f'<span class="count" id="count-home" hidden>0{words}'
    fresh = shown('{% count "home" 3 fresh=True %}')
    assert fresh == f'<span class="count" id="count-home" hx-swap-oob="true">3{words}'
    assert shown('{% tab "site:home" "home" "home" "首页" is_live=True %}').count('id="count-home" hidden') == 1


def test_a_tone_that_the_styles_do_not_know_is_a_fault() -> None:
    with pytest.raises(ValueError, match="purple"):
        parts.badge("待核实", "purple")


def test_an_icon_grows_with_the_type_and_is_silent() -> None:
    drawn = shown('{% icon "home" %}')
    assert drawn.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path ')
    assert "width=" not in drawn


def test_an_icon_that_was_not_vendored_is_a_fault() -> None:
    with pytest.raises(FileNotFoundError):
        parts.icon("no-such-icon")


class Asked:
    """A user who counts how often a permission is asked of it."""

    def __init__(self) -> None:
        self.times = 0

    def has_perm(self, permission: str) -> bool:
        self.times += 1
        return permission == "needs.verify"


def test_a_permission_is_asked_once_per_user_and_page() -> None:
    user = Asked()
    page = '{% for n in "12" %}{{ user|may:"needs.verify" }} {{ user|may:"needs.dispatch" }} {% endfor %}'
    assert shown(page, user=user) == "True False True False "
    assert user.times == 2


def test_a_visitor_may_nothing() -> None:
    assert parts.may(AnonymousUser(), "needs.verify") is False


def test_a_layout_knows_what_the_page_put_into_its_block() -> None:
    page = "{% active_tab %}{% block tab %} orders {% endblock %}{% endactive_tab %}[{{ tab }}]"
    assert shown(page) == "[orders]"


class Wish(forms.Form):
    door = forms.CharField(label="门牌", help_text="只给来帮忙的人看")
    words = forms.CharField(label="想说的", widget=forms.Textarea, required=False)
    way = forms.ChoiceField(label="怎么联系", choices=[("call", "打电话")], widget=forms.RadioSelect)


def test_a_field_ties_its_help_and_its_error_to_its_control() -> None:
    html = shown('{% include "base/field.html" with field=form.door %}', form=Wish({}))
    assert 'aria-describedby="id_door_helptext id_door_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_door_helptext"' in html
    assert 'id="id_door_error"' in html
    assert 'class="form-control is-invalid"' in html


def test_an_optional_field_says_so() -> None:
    assert "（可不填）" in shown('{% include "base/field.html" with field=form.words %}', form=Wish())


def test_options_become_big_choices_under_one_legend() -> None:
    html = shown('{% include "base/field.html" with field=form.way %}', form=Wish())
    assert "<legend" in html
    assert html.count('class="choice"') == 1


def test_the_current_step_of_a_timeline_is_marked_for_everybody() -> None:
    steps = [{"words": "下单", "at": SATURDAY - timedelta(hours=1)}, {"words": "核实", "is_current": True}]
    html = shown('{% include "base/timeline.html" %}', steps=steps)
    assert html.count('aria-current="step"') == 1
    assert "今天 09:00" in html


@pytest.mark.parametrize(("cookie", "size"), [(None, 16), ("1", 20), ("2", 24), ("3", 30), ("rubbish", 16)])
def test_the_cookie_chooses_the_size_of_type(cookie: str | None, size: int) -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {} if cookie is None else {"elder": cookie}
    page = context.page(request)
    assert (page["size"], page["elder"]) == (size, size != 16)


@pytest.mark.django_db
def test_the_installation_is_asked_for_once_and_only_when_a_page_needs_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Installation.objects.update_or_create(id=1, defaults={"city": "云岭", "is_demo": True, "key_fingerprint": "0"})
    with django_assert_num_queries(0):
        page = context.page(RequestFactory().get("/"))
    with django_assert_num_queries(1):
        assert (page["installation"].is_demo, page["installation"].city) == (True, "云岭")

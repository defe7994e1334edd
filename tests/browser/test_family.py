"""A relative's pages and one's own data: in big type, without JavaScript, and readable by whoever cannot see."""

import pytest

from lianxin.people.models import Application, Helper
from tests import make
from tests.browser.conftest import Visit
from tests.browser.test_elder import is_big


@pytest.mark.django_db(transaction=True)
def test_a_daughter_asks_in_big_type_without_javascript(visit: Visit) -> None:
    city = make.small_city()
    daughter = make.person("张敏", home=city.community)
    visitor = visit(make.user_of(daughter), screen={"width": 390, "height": 844}, java_script_enabled=False)
    visitor.goes("/")
    visitor.taps_button("大字")
    visitor.goes("/family/")
    is_big(visitor)
    visitor.taps_link("我要帮家里人点单")
    is_big(visitor)
    visitor.page.get_by_label("家人的姓名").fill("王秀英")
    visitor.page.get_by_label("家人住在哪个社区").select_option(label="和平里社区")
    visitor.page.get_by_label("您是他的什么人").fill("女儿")
    visitor.taps_button("交给社区")
    assert "等社区核实" in visitor.page.inner_text("main")
    assert Application.objects.get().kind == Application.Kind.HELP


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_family_are_big_and_fit(visit: Visit) -> None:
    city = make.small_city()
    daughter = make.person("张敏", home=city.community)
    make.let_daughter_help(city, daughter, scopes=list(Helper.Scope))
    make.order(city)
    visitor = visit(make.user_of(daughter), screen={"width": 390, "height": 844}, java_script_enabled=False)
    visitor.goes("/")
    visitor.taps_button("大字")
    relative = f"/family/{city.resident.pk}/"
    for address in ("/family/", relative, f"{relative}unreachable/", "/me/data/", "/privacy/"):
        visitor.goes(address)
        is_big(visitor)

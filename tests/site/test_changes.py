"""What a resident changes about an order on his own page."""

import pytest
from django.urls import reverse

from lianxin.needs.actions.checking import return_order
from lianxin.needs.models.orders import Order
from lianxin.people.models import Helper
from lianxin.volunteers.models import Block
from tests import make
from tests.make import City
from tests.site.browse import signed_in, text

pytestmark = pytest.mark.django_db


def when() -> str:
    return f"{make.tomorrow_at(9).date().isoformat()} afternoon"


def test_another_time_in_two_taps(city: City) -> None:
    held = make.accepted_order(city)
    browser = signed_in(city.resident_user)
    assert "改个时间" in text(browser, reverse("site:order", args=[held.order_id]))
    page = reverse("site:order_reschedule", args=[held.order_id])
    assert "重新问他方便不方便" in text(browser, page)
    assert browser.post(page).status_code == 422
    assert browser.post(page, {"when": when()}).status_code == 303
    order = Order.objects.get()
    assert (order.state, order.window.lower) == (Order.State.OFFERED, make.tomorrow_at(14))


def test_what_came_back_is_put_right_on_one_page(city: City) -> None:
    order = make.order(city)
    return_order(order=order, by=city.worker, reason="哪一盏灯？")
    browser = signed_in(city.resident_user)
    assert "补充一下再交" in text(browser, reverse("site:order", args=[order.pk]))
    page = reverse("site:order_resubmit", args=[order.pk])
    assert "哪一盏灯？" in text(browser, page)
    browser.post(page, {"when": when(), "details": "卧室的灯"})
    assert Order.objects.get().state == Order.State.CHECKING


def test_the_same_person_once_more_in_one_tap(city: City) -> None:
    done = make.done_order(city)
    browser = signed_in(city.resident_user)
    assert "再请李师傅来一次" in text(browser, reverse("site:order", args=[done.pk]))
    browser.post(reverse("site:order_again", args=[done.pk]))
    again = Order.objects.exclude(pk=done.pk).get()
    assert again.wished == city.volunteer


def test_somebody_else_next_time_and_back_again(city: City) -> None:
    make.done_order(city)
    browser, page = signed_in(city.resident_user), reverse("site:comers")
    assert "李师傅" in text(browser, page)
    browser.post(page, {"volunteer": city.volunteer.pk})
    assert Block.objects.get().volunteer == city.volunteer
    assert "您请换了的" in text(browser, page)
    browser.post(page, {"volunteer": city.volunteer.pk, "again": "1"})
    assert not Block.objects.exists()
    assert browser.post(page, {"volunteer": city.second_volunteer.pk}).status_code == 404


def test_a_daughter_may_and_a_stranger_may_not(city: City) -> None:
    order = make.done_order(city)
    daughter = make.person("王丽")
    pages = [reverse(f"site:order_{name}", args=[order.pk]) for name in ("reschedule", "resubmit", "again")]
    mothers = f"{reverse('site:comers')}?for={city.resident.pk}"
    stranger = signed_in(make.user_of(daughter))
    assert [stranger.post(each).status_code for each in [*pages, mothers]] == [404] * 4
    make.let_daughter_help(city, daughter, [Helper.Scope.FOLLOW])
    assert [stranger.post(each).status_code for each in [*pages, mothers]] == [404] * 4


def test_a_daughter_with_the_scope_sees_and_spares_for_her_mother(city: City) -> None:
    make.done_order(city)
    daughter = make.person("王丽")
    make.let_daughter_help(city, daughter)
    page = f"{reverse('site:comers')}?for={city.resident.pk}"
    browser = signed_in(make.user_of(daughter))
    assert "李师傅" in text(browser, page)
    browser.post(page, {"volunteer": city.volunteer.pk})
    assert Block.objects.get().person == city.resident

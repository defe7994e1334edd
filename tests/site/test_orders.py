"""My orders."""

import pytest
from django.urls import reverse

from lianxin.base import clock
from lianxin.hours.models import Record
from lianxin.needs.actions.checking import return_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order, withdraw
from lianxin.needs.actions.serving import start_visit
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.queries.timeline import timeline
from lianxin.people.models import Helper
from tests import make
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db

CHANGES = ("site:order_cancel", "site:order_confirm", "site:order_rate")


def order_page(order: Order) -> str:
    return reverse("site:order", args=[order.pk])


def test_another_residents_order_is_not_found(city: City) -> None:
    order = make.order(city)
    stranger = signed_in(make.user_of(make.person("陌生", home=city.community)))
    answers = [stranger.get(order_page(order)), *(stranger.post(reverse(name, args=[order.pk])) for name in CHANGES)]
    assert [answer.status_code for answer in answers] == [404] * 4
    order.refresh_from_db()
    assert order.state == Order.State.CHECKING


def test_a_new_order_says_that_it_is_looked_at_and_when_one_hears(city: City) -> None:
    page = text(signed_in(city.resident_user), order_page(make.order(city)))
    assert ["社区正在核实" in page, "前给您回话" in page, "取消这一单" in page] == [True] * 3


def test_who_comes_and_the_door_word_are_shown_after_acceptance_only(city: City) -> None:
    order, _offer = make.offered_order(city)
    browser = signed_in(city.resident_user)
    assert order.door_word not in text(browser, order_page(order))
    task = make.accepted_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    page = text(browser, order_page(task.order))
    assert [word in page for word in ("李师傅来", "和平里红帽队", task.order.door_word)] == [True] * 3
    assert city.volunteer.person.name not in page


def test_the_course_of_an_order_is_told_in_plain_words(city: City) -> None:
    steps = timeline(make.done_order(city))
    assert [step.words for step in steps] == [
        "网上点单",
        "社区核实好了",
        "开始找志愿者",
        "李师傅接了单",
        "李师傅上门了",
        "李师傅说做好了",
        "确认做好了",
        "评价",
    ]
    assert [step.is_ahead for step in steps] == [False] * 7 + [True]


def test_an_open_order_shows_where_it_stands_and_what_comes_next(city: City) -> None:
    steps = timeline(make.order(city))
    assert [(step.words, step.is_current, step.is_ahead) for step in steps] == [
        ("网上点单", False, False),
        ("等社区核实", True, False),
        ("找志愿者", False, True),
        ("上门服务", False, True),
        ("确认", False, True),
        ("评价", False, True),
    ]


def test_a_withdrawal_and_a_return_stand_in_the_course_with_their_time(city: City) -> None:
    task = make.accepted_order(city)
    withdraw(assignment=task, by=make.user_of(city.volunteer))
    words = [step.words for step in timeline(Order.objects.get(pk=task.order_id))]
    assert words[3:6] == ["李师傅接了单", "李师傅来不了，另外找人", "正在找志愿者"]
    returned = return_order(order=make.order(city), by=city.worker, reason="请打 12348")
    last = timeline(returned)[-1]
    assert (last.words, last.under, last.at is None) == ("退回了", "请打 12348", False)


def test_the_course_costs_the_same_for_one_volunteer_and_for_two(city: City) -> None:
    browser, done = signed_in(city.resident_user), make.done_order(city)
    city.item.people = 2
    city.item.save()
    from_one = queries(browser, order_page(done))
    order = make.verified_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    both = [city.volunteer, city.second_volunteer]
    for offer in offer_order(order=order, to=both, by=city.dispatcher):
        assert offer.volunteer
        assignment = accept_offer(offer=offer, by=make.user_of(offer.volunteer))
    for volunteer in both:
        task = assignment.order.assignments.get(volunteer=volunteer)
        with clock.at(make.tomorrow_at(14)):
            start_visit(assignment=task, by=make.user_of(volunteer))
    assert queries(browser, order_page(order)) == from_one


def test_the_resident_confirms_and_the_minutes_are_banked(city: City) -> None:
    served = make.served_order(city)
    browser = signed_in(city.resident_user)
    assert "已经做好了" in text(browser, order_page(served))
    answer = browser.post(reverse("site:order_confirm", args=[served.pk]))
    assert (answer.status_code, answer["Location"]) == (303, order_page(served))
    assert Record.objects.get().state == Record.State.CONFIRMED
    assert "您满意吗" in text(browser, order_page(served))


def test_confirming_twice_is_refused_in_words(city: City) -> None:
    done = make.done_order(city)
    answer = signed_in(city.resident_user).post(reverse("site:order_confirm", args=[done.pk]))
    assert (answer.status_code, "已经是" in answer.content.decode()) == (409, True)


def test_five_choices_and_a_line_make_a_rating_and_thanks(city: City) -> None:
    done, browser = make.done_order(city), signed_in(city.resident_user)
    browser.post(reverse("site:order_rate", args=[done.pk]), {"stars": "5", "words": "很好"})
    rating = Rating.objects.get()
    assert (rating.stars, rating.words, rating.by) == (5, "很好", city.resident_user)
    page = text(browser, order_page(done))
    assert ["谢谢您的评价" in page, "您满意吗" in page] == [True, False]


@pytest.mark.parametrize("stars", ["", "0", "6", "x"])
def test_a_rating_without_one_of_the_five_is_asked_again(city: City, stars: str) -> None:
    done = make.done_order(city)
    answer = signed_in(city.resident_user).post(reverse("site:order_rate", args=[done.pk]), {"stars": stars})
    assert (answer.status_code, Rating.objects.exists()) == (422, False)


def test_an_order_is_called_off_and_says_so(city: City) -> None:
    order, browser = make.order(city), signed_in(city.resident_user)
    browser.post(reverse("site:order_cancel", args=[order.pk]))
    page = text(browser, order_page(order))
    assert ["这一单取消了" in page, "取消这一单" in page] == [True, False]


def test_a_daughter_who_may_follow_sees_all_and_changes_nothing(city: City) -> None:
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter, scopes=[Helper.Scope.FOLLOW])
    served, browser = make.served_order(city), signed_in(make.user_of(daughter))
    page = text(browser, order_page(served))
    assert ["替王秀英点的" in page, "已经做好了" in page, "取消这一单" in page] == [True, False, False]
    answers = [browser.post(reverse(name, args=[served.pk]), {"stars": "5"}) for name in CHANGES]
    assert [answer.status_code for answer in answers] == [403] * 3


def test_what_waits_for_an_answer_stands_first_and_the_ended_last(city: City) -> None:
    done = make.done_order(city)
    served = make.served_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    new = make.order(city)
    page = text(signed_in(city.resident_user), reverse("site:orders"))
    places = [page.index(order_page(order)) for order in (served, new, done)]
    assert places == sorted(places)


def test_the_list_costs_the_same_with_one_order_and_with_three(city: City) -> None:
    browser = signed_in(city.resident_user)
    make.order(city)
    one = queries(browser, reverse("site:orders"))
    make.order(city)
    make.done_order(city)
    assert queries(browser, reverse("site:orders")) == one


def test_whoever_never_ordered_is_shown_how(city: City) -> None:
    assert "还没有点过单" in text(signed_in(city.resident_user), reverse("site:orders"))

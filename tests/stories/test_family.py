"""A daughter far away: she asks, the mother says yes to the worker, she orders and follows, and one call ends it. And a
mother without a phone of her own, who is one person in the books whoever writes her down."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.placing import ask_to_cancel, cancel_order
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.notices.models import CallCard
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind
from lianxin.people import tasks
from lianxin.people.actions.registering import introduce, register_person
from lianxin.people.models import Application, ContactBy, Helper, Person
from lianxin.people.queries import may_act_for
from lianxin.users.models import User
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db

PHONE = "13877770001"
EVERYTHING = [scope.value for scope in Helper.Scope]


@pytest.fixture
def city() -> City:
    return make.small_city()


@pytest.fixture
def mother(city: City) -> Person:
    return register_person(
        name="赵桂兰",
        home=city.community,
        phone=PHONE,
        contact_by=ContactBy.CALL,
        address="幸福路 9 号",
        by=city.worker,
    )


@pytest.fixture
def daughter(city: City) -> Person:
    far = open_node(kind=Kind.COMMUNITY, name="南山社区", parent=city.street, by=None)
    return make.person("张敏", home=far)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, route: str, *args: object) -> str:
    answer = client.get(reverse(route, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def granted(city: City, mother: Person, daughter: Person) -> Helper:
    """She asks on her phone; the worker rings the mother, who says yes."""
    asked = {"name": "赵桂兰", "home": city.community.pk, "relation": "女儿", "scopes": EVERYTHING}
    assert browser_of(make.user_of(daughter)).post(reverse("site:family_new"), asked).status_code == 303
    application, desk = Application.objects.get(), browser_of(city.worker)
    page = desk.post(reverse("console:application_look", args=[application.pk])).content.decode()
    assert "您女儿张敏想替您办这些事" in page
    yes = {"person": mother.pk, "relation": "女儿", "scopes": EVERYTHING, "given_how": "call", "words": ""}
    assert desk.post(reverse("console:application_grant", args=[application.pk]), yes).status_code == 303
    make.everybody_hears()
    return Helper.objects.get()


def test_from_the_request_to_the_revocation(city: City, mother: Person, daughter: Person) -> None:
    hers = browser_of(make.user_of(daughter))
    assert hers.get(reverse("site:relative", args=[mother.pk])).status_code == 404
    given = granted(city, mother, daughter)
    assert [words.partition("，")[0] for words in make.told(daughter)] == [
        "赵桂兰同意您帮忙办：代为点单、查看进度、看探访平安、收通知"
    ]
    assert "您女儿张敏可以替您办" in make.told(mother)[-1]
    assert CallCard.objects.filter(notice__person_id=mother.pk).count() == 1

    order = make.order(city, resident=mother, by=make.user_of(daughter))
    assert text(hers, "site:relative", mother.pk).count("小修小补") >= 1

    desk = browser_of(city.worker)
    assert desk.post(reverse("console:helper_stop", args=[given.pk])).status_code == 303
    make.everybody_hears()
    assert make.told(daughter)[-1] == "您不再替赵桂兰办事了。有疑问请打社区电话。"
    for route, args in (("site:relative", [mother.pk]), ("site:order", [order.pk]), ("site:unreachable", [mother.pk])):
        assert hers.get(reverse(route, args=args)).status_code == 404


def test_she_sees_who_comes_and_of_which_team_and_never_the_door_word(
    city: City, mother: Person, daughter: Person
) -> None:
    granted(city, mother, daughter)
    order = make.verified_order(city, resident=mother, by=make.user_of(daughter), details="钥匙在门垫下")
    [offer] = offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    accept_offer(offer=offer, by=make.user_of(city.volunteer))
    make.everybody_hears()
    hers = browser_of(make.user_of(daughter))
    pages = [
        text(hers, "site:relative", mother.pk),
        text(hers, "site:order", order.pk),
        text(hers, "site:orders"),
        text(hers, "site:home"),
        text(hers, "site:notices"),
        text(hers, "site:family"),
        text(hers, "site:me"),
    ]
    assert ["李师傅" in page for page in pages[:2]] == [True, True]
    private = (order.door_word, PHONE, "幸福路 9 号", "钥匙在门垫下", mother.call_number or "没有号码")
    assert [word for page in pages for word in private if word in page] == []
    assert re.search(r"赵桂兰的「小修小补」：.*和平里红帽队李师傅上门。", make.told(daughter)[-1])
    assert order.door_word not in "".join(make.told(daughter))
    assert order.door_word in "".join(make.told(mother))


def test_what_was_not_given_stays_closed(city: City, mother: Person, daughter: Person) -> None:
    make.let_daughter_help(city, daughter, scopes=[Helper.Scope.VISITS])
    order = make.order(city)
    hers = browser_of(make.user_of(daughter))
    page = text(hers, "site:relative", city.resident.pk)
    assert ["最近一次有人上门" in page, "小修小补" in page, "点一单" in page] == [True, False, False]
    assert hers.get(reverse("site:order", args=[order.pk])).status_code == 404
    assert make.told(daughter) == []


def test_she_does_not_cancel_what_the_mother_wants(city: City, mother: Person, daughter: Person) -> None:
    granted(city, mother, daughter)
    order, hers = make.order(city, resident=mother, by=city.operator, way=Order.Way.CALL), make.user_of(daughter)
    with pytest.raises(Exception, match="请社区问一问再取消"):
        cancel_order(order=order, by=hers)
    cards = CallCard.objects.filter(notice__person_id=mother.pk)
    before = cards.count()
    for _time in range(2):
        ask_to_cancel(order=order, by=hers)
    order.refresh_from_db()
    assert (order.state, cards.count()) == (Order.State.WAITING, before + 1)
    assert "请问本人" in cards.latest("pk").notice.text


def test_one_button_when_nobody_answers(city: City, mother: Person, daughter: Person) -> None:
    granted(city, mother, daughter)
    hers = browser_of(make.user_of(daughter))
    page = text(hers, "site:unreachable", mother.pk)
    assert ['href="tel:120"' in page, 'href="tel:110"' in page] == [True, True]
    for _time in range(2):
        assert hers.post(reverse("site:unreachable", args=[mother.pk])).status_code == 303
    alarm = Alarm.objects.get()
    assert (alarm.person, alarm.kind) == (mother, Alarm.Kind.UNREACHABLE)
    assert "社区正在查看" in text(hers, "site:unreachable", mother.pk)


def test_several_children_help_and_the_mother_ends_one_on_her_own_page(city: City, daughter: Person) -> None:
    son = make.person("张强", home=city.street)
    hers = make.let_daughter_help(city, daughter)
    his = make.let_daughter_help(city, son)
    own = browser_of(city.resident_user)
    assert ["张敏" in text(own, "site:family"), "张强" in text(own, "site:family")] == [True, True]
    assert own.post(reverse("site:helper_end", args=[his.pk])).status_code == 303
    assert not may_act_for(son, city.resident, Helper.Scope.ORDER)
    assert may_act_for(daughter, city.resident, Helper.Scope.ORDER)
    stranger = browser_of(make.user_of(city.volunteer))
    assert stranger.post(reverse("site:helper_end", args=[hers.pk])).status_code == 404


def test_thirty_days_before_it_ends_both_hear_once(city: City, daughter: Person) -> None:
    given = make.let_daughter_help(city, daughter, scopes=[Helper.Scope.FOLLOW])
    before = len(make.told(daughter))
    for days_left in (32, 30, 29):
        with clock.at(clock.now() + timedelta(days=365 - days_left)):
            tasks.say_what_ends_soon(timestamp=0)
    assert len(make.told(daughter)) == before + 1
    assert "请社区再问一次本人" in make.told(daughter)[-1]
    with clock.at(clock.now() + timedelta(days=366)):
        assert not may_act_for(daughter, city.resident, Helper.Scope.FOLLOW)
    assert given.last_day is not None


def test_who_signs_in_with_a_phone_that_the_worker_wrote_down_is_not_written_down_twice(
    city: City, mother: Person
) -> None:
    user = User.objects.make(PHONE)
    made = introduce(user=user, name="赵桂兰", home=city.community, by=user)
    assert isinstance(made, Application)
    own = browser_of(user)
    waiting = text(own, "site:welcome")
    assert "社区已经登记过您" in waiting
    assert [word for word in ("幸福路", PHONE) if word in waiting] == []
    assert Person.objects.filter(name="赵桂兰").count() == 1
    desk = browser_of(city.worker)
    assert desk.post(reverse("console:application_grant", args=[made.pk])).status_code == 303
    mother.refresh_from_db()
    assert mother.user == user


def test_another_of_the_family_on_the_same_phone_is_a_person_of_his_own(city: City, mother: Person) -> None:
    user = User.objects.make(PHONE)
    made = introduce(user=user, name="张大爷", home=city.community, by=user)
    assert isinstance(made, Person)
    mother.refresh_from_db()
    assert (made.user, mother.user) == (user, None)


def test_a_worker_of_another_place_grants_nothing(city: City, mother: Person, daughter: Person) -> None:
    user = User.objects.make(PHONE)
    made = introduce(user=user, name="赵桂兰", home=city.community, by=user)
    assert isinstance(made, Application)
    for stranger in (make.user_of(daughter), city.dispatcher, user):
        answer = browser_of(stranger).post(reverse("console:application_grant", args=[made.pk]))
        assert answer.status_code in {403, 404}
    mother.refresh_from_db()
    assert mother.user is None

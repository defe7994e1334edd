"""One's own data: seen, copied, put right and closed by asking, and nobody else's."""

import json

import pytest
from django.urls import reverse

from lianxin.base.refused import Refused
from lianxin.journal.models import Entry
from lianxin.people.actions.applications import apply_to_close
from lianxin.people.actions.circumstances import Contact, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.claims import grant_closing
from lianxin.people.models import Application, ContactBy
from lianxin.users.models import User
from tests import make
from tests.make import City
from tests.site.browse import signed_in, text

pytestmark = pytest.mark.django_db

PRIVATE = ("幸福路 8 号 3 单元 201", "钥匙在对门", "13866660002", "厨房的灯不亮了")


@pytest.fixture
def known_city(city: City) -> City:
    describe_circumstances(person=city.resident, way_in="钥匙在对门", by=city.worker)
    set_emergency_contacts(person=city.resident, contacts=[Contact("张敏", "女儿", "13866660002")], by=city.worker)
    make.order(city)
    return city


def test_a_copy_holds_all_that_is_written_down_and_is_noted(known_city: City) -> None:
    browser = signed_in(known_city.resident_user)
    assert [word for word in PRIVATE if word in text(browser, reverse("site:mine"))] == []
    page = browser.post(reverse("site:mine_copy")).content.decode()
    assert [word for word in PRIVATE if word not in page] == []
    answer = browser.post(reverse("site:mine_copy"), {"as": "json"})
    copied = json.loads(answer.content)
    assert copied["person"]["address"] == PRIVATE[0]
    assert [order["details"] for order in copied["orders"]] == [PRIVATE[3]]
    assert answer["Cache-Control"] == "no-store, private"
    assert Entry.objects.filter(name="people.copied", for_person_id=known_city.resident.pk).count() == 2


def test_nobody_has_a_copy_of_anybody_else(known_city: City) -> None:
    make.let_daughter_help(known_city, daughter := make.person("张敏", home=known_city.street))
    for user in (make.user_of(daughter), known_city.worker, known_city.operator):
        page = signed_in(user).post(reverse("site:mine_copy")).content.decode()
        assert [word for word in PRIVATE[1:] if word in page] == []


def test_one_says_oneself_how_to_be_told(city: City) -> None:
    browser = signed_in(city.resident_user)
    assert browser.post(reverse("site:mine_contact"), {"contact_by": "call"}).status_code == 303
    city.resident.refresh_from_db()
    assert city.resident.contact_by == ContactBy.CALL
    assert browser.post(reverse("site:mine_contact"), {"contact_by": "drum"}).status_code == 422


def test_what_is_wrong_goes_to_the_community_and_the_answer_comes_back(city: City) -> None:
    browser = signed_in(city.resident_user)
    browser.post(reverse("site:mine_correct"), {"words": "住址应该是幸福路 9 号"})
    application = Application.objects.get()
    desk = signed_in(city.worker)
    assert "幸福路 9 号" not in text(desk, reverse("console:application", args=[application.pk]))
    opened = desk.post(reverse("console:application_look", args=[application.pk])).content.decode()
    assert "住址应该是幸福路 9 号" in opened
    desk.post(reverse("console:application_grant", args=[application.pk]))
    make.everybody_hears()
    assert make.told(city.resident)[-1] == "您申请的「更正资料」办好了。"
    again = browser.post(reverse("site:mine_correct"), {"words": " "})
    assert again.status_code == 422


def test_asked_twice_it_is_asked_once(city: City) -> None:
    apply_to_close(by=city.resident_user)
    with pytest.raises(Refused, match="已经申请过"):
        apply_to_close(by=city.resident_user)


def test_a_closed_account_signs_in_no_more_and_the_record_stays(city: City) -> None:
    browser = signed_in(city.resident_user)
    assert browser.post(reverse("site:mine_close")).status_code == 303
    grant_closing(application=Application.objects.get(), by=city.worker)
    assert browser.get(reverse("site:mine")).status_code == 302
    assert User.objects.get(pk=city.resident_user.pk).is_active is False
    assert city.resident.orders.count() == 0
    city.resident.refresh_from_db()
    assert city.resident.name == "王秀英"


def test_a_refusal_says_why(city: City) -> None:
    application = apply_to_close(by=city.resident_user)
    desk = signed_in(city.worker)
    refuse = reverse("console:application_refuse", args=[application.pk])
    assert desk.post(refuse, {"answer": ""}).status_code == 422
    assert desk.post(refuse, {"answer": "您还有一单没做完，做完再办。"}).status_code == 303
    make.everybody_hears()
    assert "做完再办" in make.told(city.resident)[-1]

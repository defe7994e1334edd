"""One's own data: seen, copied, put right and closed by asking, and nobody else's."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.leaving import close_account
from lianxin.organisations.models import Role
from lianxin.people.actions.applications import apply_to_close
from lianxin.people.actions.circumstances import Contact, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.consents import Said
from lianxin.people.models import Application, Circumstances, Consent, ContactBy, Person, Purpose
from lianxin.people.rules import CONSENT_WORDS
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
    close_account(application=Application.objects.get(), by=city.worker)
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


def test_my_data_show_what_i_said_yes_to_and_take_it_back(city: City) -> None:
    browser = signed_in(city.resident_user)
    assert "没有。点单、打电话、发通知是办您要办的事" in text(browser, reverse("site:mine"))
    yes = Said(Consent.How.PAPER, witness="老孟")
    describe_circumstances(person=city.resident, hearing="hard", said_yes=yes, by=city.worker)
    page = text(browser, reverse("site:mine"))
    assert "告诉上门的人听力、视力、行动" in page and "见证人 老孟" in page
    kept = Consent.objects.get()
    address = reverse("site:mine_consent", args=[kept.pk])
    assert signed_in(make.user_of(city.volunteer)).post(address, {"answer": "withdraw"}).status_code == 404
    assert browser.post(address, {"answer": "withdraw"}).status_code == 303
    assert Circumstances.objects.get().hearing == ""


def test_words_that_were_changed_are_shown_to_be_agreed_to_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(user := make.user_of(city.volunteer))
    browser.post(reverse("site:volunteer_card"), {"shows_name": "yes"})
    check = reverse("site:card_check", args=[city.volunteer.card_code])
    assert "李建国" in text(Client(), check)
    monkeypatch.setitem(CONSENT_WORDS, Purpose.CARD_NAME, "还会登在网上。")
    assert "李建国" not in text(Client(), check)
    assert "还会登在网上。" in text(browser, reverse("site:mine"))
    browser.post(reverse("site:mine_consent", args=[Consent.objects.get().pk]), {"answer": "again"})
    assert "李建国" in text(Client(), check)
    assert Consent.objects.get(ended_at=None).recorded_by == user


def test_who_holds_a_role_reads_what_to_hand_over_instead_of_a_button(city: City) -> None:
    page = text(signed_in(city.worker), reverse("site:mine"))
    assert "停用前要先交接" in page and "站点工作人员" in page
    assert reverse("site:mine_close") not in page


def test_who_rings_again_is_taken_up_again_by_the_desk(city: City) -> None:
    phone = city.resident.phone.open()
    close_account(application=apply_to_close(by=city.resident_user), by=city.worker)
    desk = signed_in(city.worker)
    people = reverse("console:people")
    assert "王秀英" not in text(desk, people)
    page = desk.get(people, {"q": phone}).content.decode()
    assert "资料封存着" in page and "王秀英" not in page
    assert desk.post(reverse("console:person_again", args=[city.resident.pk])).status_code == 303
    assert "王秀英" in text(desk, people)


def test_a_childs_name_and_birthday_stand_on_no_list_and_no_page(city: City) -> None:
    desk = signed_in(city.worker)
    born_on = f"{clock.today().year - 8}-03-04"
    said = {"name": "张小宝", "home": city.community.pk, "born_on": born_on}
    answer = desk.post(reverse("console:person_new"), said)
    assert answer.status_code == 422 and "要先问监护人" in answer.content.decode()
    guardian = {"guardian_name": "张敏", "guardian_phone": "13866660002", "guardian_how": "call"}
    assert desk.post(reverse("console:person_new"), said | guardian).status_code == 303
    made = Person.objects.get(name="张小宝")
    page = text(desk, reverse("console:person", args=[made.pk]))
    assert "未满 14 周岁" in page and born_on not in page
    assert "张小宝" not in text(desk, reverse("console:people"))
    assert born_on not in text(desk, reverse("console:person_change", args=[made.pk]))
    changed = {"name": "张小宝", "home": city.community.pk, "contact_by": "call", "born_on": ""}
    assert desk.post(reverse("console:person_change", args=[made.pk]), changed).status_code == 303
    made.refresh_from_db()
    assert str(made.born_on) == born_on


def test_the_desk_writes_down_a_yes_on_paper_with_its_witness(city: City) -> None:
    desk, address = signed_in(city.worker), reverse("console:person_lives", args=[city.resident.pk])
    assert desk.post(address, {"hearing": "hard"}).status_code == 422
    assert desk.post(address, {"hearing": "hard", "how": "paper"}).status_code == 422
    assert desk.post(address, {"hearing": "hard", "how": "paper", "witness": "老孟"}).status_code == 303
    page = text(desk, reverse("console:person", args=[city.resident.pk]))
    assert "见证人 老孟" in page
    withdraw = reverse("console:person_consent", args=[Consent.objects.get().pk])
    elsewhere = make.staff("外站长", Role.STATION_WORKER, city.station)
    assert signed_in(elsewhere).post(withdraw).status_code == 404
    assert desk.post(withdraw).status_code == 303
    assert Consent.objects.get().ended_how == "withdrawn"

"""Messages, and the demo's outbox."""

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.models import Installation
from lianxin.notices.actions import send_code
from lianxin.notices.models import Notice
from lianxin.people.actions.reaching import tell
from tests import make
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db

NOTICES, OUTBOX = reverse("site:notices"), reverse("site:outbox")


def notice(city: City, key: str = "1", link: str = "/orders/") -> Notice:
    sent = tell(person=city.resident, text=f"第{key}条", key=key, link=link)
    assert sent
    return sent


def test_looking_at_the_list_reads_nothing(city: City) -> None:
    notice(city)
    browser = signed_in(city.resident_user)
    text(browser, NOTICES)
    assert "1 条未读" in text(browser, NOTICES)


def test_opening_a_message_reads_it_and_leads_to_its_thing(city: City) -> None:
    first = notice(city)
    notice(city, "2")
    browser = signed_in(city.resident_user)
    answer = browser.post(reverse("site:notice_open", args=[first.pk]))
    assert (answer.status_code, answer["Location"]) == (303, "/orders/")
    assert "1 条未读" in text(browser, NOTICES)


def test_a_message_about_nothing_else_leads_back_to_the_list(city: City) -> None:
    sent = notice(city, link="")
    answer = signed_in(city.resident_user).post(reverse("site:notice_open", args=[sent.pk]))
    assert answer["Location"] == NOTICES


def test_one_tap_reads_them_all(city: City) -> None:
    notice(city)
    notice(city, "2")
    browser = signed_in(city.resident_user)
    browser.post(reverse("site:notices_read"))
    assert "都看过了" in text(browser, NOTICES)


def test_anothers_message_is_not_found_and_stays_unread(city: City) -> None:
    sent = notice(city)
    other = signed_in(make.user_of(city.volunteer))
    assert other.post(reverse("site:notice_open", args=[sent.pk])).status_code == 404
    other.post(reverse("site:notices_read"))
    sent.refresh_from_db()
    assert sent.read_at is None


def test_the_list_costs_the_same_with_one_message_and_with_three(city: City) -> None:
    browser = signed_in(city.resident_user)
    notice(city)
    one = queries(browser, NOTICES)
    notice(city, "2")
    notice(city, "3")
    assert queries(browser, NOTICES) == one


def test_in_a_demo_city_anybody_reads_the_outbox_and_sees_no_whole_number(city: City) -> None:
    Installation.objects.create(city="连心市", is_demo=True, key_fingerprint="0")
    send_code(phone="13800001234", code="402913")
    page = text(Client(), OUTBOX)
    assert ["402913" in page, "尾号 1234" in page, "13800001234" in page] == [True, True, False]


def test_elsewhere_the_outbox_is_shut_to_everybody(city: City) -> None:
    Installation.objects.create(city="连心市", is_demo=False, key_fingerprint="0")
    send_code(phone="13800001234", code="402913")
    for browser in (Client(), signed_in(city.worker)):
        answer = browser.get(OUTBOX)
        assert (answer.status_code, "402913" in answer.content.decode()) == (403, False)

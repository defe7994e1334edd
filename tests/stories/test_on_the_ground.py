"""Four stories: a transfer and a merger, what one may ask about one's own data, and a captain's fortnight of leave."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, Role, RoleHeld
from lianxin.people.models import Application, Consent, Person
from lianxin.users.models import User
from lianxin.users.proofs import PROVED_AT
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make.small_city()


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proven(user: User) -> Client:
    """A browser in which this user has just proven himself, as whoever gives roles must (rule A5)."""
    client = browser_of(user)
    session = client.session
    session[PROVED_AT] = clock.now().isoformat()
    session.save()
    return client


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_a_volunteer_moves_to_another_team_which_is_merged_a_year_later(city: City) -> None:
    with_pines = open_node(kind=Kind.TEAM, name="青松队", parent=city.corps, by=None)
    captain = make.staff("金队长", Role.CAPTAIN, with_pines)
    officer = make.staff("罗主任", Role.CITY_OFFICER, city.corps)
    make.done_order(city)

    own = browser_of(make.user_of(city.volunteer))
    assert own.post(reverse("site:volunteer_transfer"), {"to": "青松队", "reason": "搬家了"}).status_code == 303
    desk = browser_of(captain)
    assert "搬家了" in page(desk, "console:transfers")
    transfer = city.volunteer.transfers.get()
    desk.post(reverse("console:transfer_answer", args=[transfer.pk]), {"answer": "yes"})
    make.everybody_hears()
    assert make.told(city.volunteer.person)[-1] == "「青松队」已经接收您，欢迎！"

    office = browser_of(officer)
    merged = office.post(
        reverse("console:node_merge", args=[with_pines.pk]), {"merge-to": f"{city.team.name} #{city.team.pk}"}
    )
    assert merged.status_code == 303
    for _time in range(2):
        make.everybody_hears()
    volunteer = Volunteer.objects.get(pk=city.volunteer.pk)
    assert (volunteer.team, volunteer.number) == (city.team, city.volunteer.number)
    assert make.told(volunteer.person)[-1].startswith("队伍合并了，您现在在「和平里红帽队」")
    assert "并入「和平里红帽队」" in page(office, "console:node", with_pines.pk)
    assert "50 分钟" in page(own, "site:time")


def test_a_resident_sees_corrects_copies_takes_back_and_closes_and_is_answered_each_time(city: City) -> None:
    own, desk = browser_of(city.resident_user), browser_of(city.worker)
    lives = reverse("console:person_lives", args=[city.resident.pk])
    assert desk.post(lives, {"hearing": "hard", "how": "visit"}).status_code == 303
    assert "告诉上门的人听力、视力、行动" in page(own, "site:mine")
    copied = json.loads(own.post(reverse("site:mine_copy"), {"as": "json"}).content)
    assert [each["how"] for each in copied["consents"]] == ["当面问过"]

    own.post(reverse("site:mine_correct"), {"words": "门牌应该是 9 号"})
    correction = Application.objects.get()
    desk.post(reverse("console:application_refuse", args=[correction.pk]), {"answer": "户口本上是 8 号。"})
    make.everybody_hears()
    assert "户口本上是 8 号。" in make.told(city.resident)[-1]

    consent = Consent.objects.get()
    own.post(reverse("site:mine_consent", args=[consent.pk]), {"answer": "withdraw"})
    assert "耳背" not in page(desk, "console:person", city.resident.pk)

    order = make.order(city)
    assert "停用前要先交接" in page(own, "site:mine")
    cancel_order(order=Order.objects.get(pk=order.pk), by=city.resident_user)
    assert own.post(reverse("site:mine_close")).status_code == 303
    closing = Application.objects.get(kind=Application.Kind.CLOSE)
    desk.post(reverse("console:application_grant", args=[closing.pk]))
    assert Person.objects.get(pk=city.resident.pk).restricted_at is not None
    assert own.get(reverse("site:mine")).status_code == 302
    assert desk.get(reverse("console:person", args=[city.resident.pk])).status_code == 404


def test_a_captain_goes_on_leave_and_the_one_who_stands_in_can_do_what_he_can_until_he_is_back(city: City) -> None:
    other = make.user_of(city.second_volunteer)
    held = RoleHeld.objects.get(user=city.captain, role=Role.CAPTAIN)
    today = clock.today()
    leave = {
        "role": str(held.pk), "to": _phone(other), "since": today.isoformat(),
        "until": (today + timedelta(days=14)).isoformat(),
    }  # fmt: skip
    captain = browser_of(city.captain)
    assert captain.post(reverse("console:stand_ins"), leave).status_code == 303
    officer = browser_of(make.staff("罗主任", Role.CITY_OFFICER, city.corps))
    shown = page(officer, "console:node", city.team.pk)
    assert "代 刘队长" in shown and "孙晓梅" in shown
    assert browser_of(other).get(reverse("console:review")).status_code == 200
    with clock.at(clock.now() + timedelta(days=20)):
        assert browser_of(User.objects.get(pk=other.pk)).get(reverse("console:review")).status_code == 403


def test_an_officer_gives_a_team_a_captain_and_takes_the_role_back_where_the_team_stands(city: City) -> None:
    officer = make.staff("罗主任", Role.CITY_OFFICER, city.corps)
    newcomer = make.user_of(city.second_volunteer)
    desk, address = proven(officer), reverse("console:node_role", args=[city.team.pk])
    assert browser_of(city.captain).post(address).status_code == 403
    assert desk.post(address, {"role-who": _phone(newcomer), "role-role": Role.CAPTAIN}).status_code == 303
    assert "孙晓梅" in page(desk, "console:node", city.team.pk)
    held = RoleHeld.objects.get(user=newcomer, role=Role.CAPTAIN)
    assert desk.post(reverse("console:node_role_end", args=[held.pk])).status_code == 303
    assert not newcomer.roles_held.filter(role=Role.CAPTAIN, during__contains=clock.today()).exists()
    worker = RoleHeld.objects.get(user=city.worker, role=Role.STATION_WORKER)
    assert desk.post(reverse("console:node_role_end", args=[worker.pk])).status_code in {403, 404}
    assert Node.objects.get(pk=city.team.pk).closed_on is None


def _phone(user: User) -> str:
    assert user.phone is not None
    return str(user.phone.open())

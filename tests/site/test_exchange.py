"""The pages on which people say that a list means them."""

from django.test import Client

from lianxin.exchange.actions.confirming import make_slips
from lianxin.exchange.models.roll import OnRoll
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.exchange.conftest import Office, office
from tests.exchange.test_rosters import IDS, accepted, book, line

__all__ = ["office"]

PHONE = "13800001111"
WHO = {"name": "王芳", "ending": IDS[0][-4:]}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def on_roll(office: Office) -> OnRoll:
    accepted(office, book(line("王芳", IDS[0], PHONE)))
    return OnRoll.objects.get()


def test_whoever_has_a_listed_phone_is_led_to_the_list_and_becomes_a_volunteer(office: Office) -> None:
    on_roll(office)
    client = signed_in(User.objects.make(PHONE))
    assert client.get("/welcome/", follow=True).redirect_chain == [("/roll/", 302)]
    page = client.get("/roll/").content.decode()
    assert "东河红帽队" in page and "王芳" not in page and IDS[0][-4:] not in page
    wrong = client.post("/roll/", WHO | {"ending": "0000"})
    assert wrong.status_code == 422 and "对不上" in wrong.content.decode()
    assert client.post("/roll/", WHO).status_code == 303
    assert Volunteer.objects.get(person__name="王芳").state == Volunteer.State.ACTIVE
    assert "没有等您确认的名单" in client.get("/roll/").content.decode()


def test_whoever_is_not_meant_says_so_and_goes_on_as_a_resident(office: Office) -> None:
    row = on_roll(office)
    client = signed_in(User.objects.make(PHONE))
    assert client.get("/welcome/?new=1").status_code == 200
    assert client.post(f"/roll/{row.pk}/no/").status_code == 303
    assert client.get("/welcome/").status_code == 200
    assert not Volunteer.objects.filter(person=row.person).exists()


def test_a_strangers_phone_reaches_nobodys_row(office: Office) -> None:
    row = on_roll(office)
    client = signed_in(make.new_user())
    assert "东河红帽队" not in client.get("/roll/").content.decode()
    assert client.post("/roll/", WHO).status_code == 422
    assert client.post(f"/roll/{row.pk}/no/").status_code == 404
    assert client.post(f"/roll/{row.pk}/yes/").status_code == 404


def test_a_slip_lets_its_holder_confirm_with_any_phone(office: Office) -> None:
    row = on_roll(office)
    [(_row, code)] = make_slips(rows=[row], by=office.clerk)
    client = signed_in(make.new_user())
    assert client.post("/roll/slip/", WHO | {"code": "AAAAAAAAAA"}).status_code == 422
    assert client.post("/roll/slip/", WHO | {"code": code.lower()}).status_code == 303
    assert Person.objects.get(name="王芳").claimed_at is not None


def test_somebody_known_says_yes_with_one_tap(office: Office) -> None:
    known = make.person("王芳", home=office.city.community)
    accepted(office, book(line("王芳", IDS[0], known.phone.open())))
    client = signed_in(make.user_of(known))
    assert "是我，愿意参加" in client.get("/roll/").content.decode()
    assert client.post(f"/roll/{OnRoll.objects.get().pk}/yes/").status_code == 303
    assert Volunteer.objects.get(person=known).team == office.teams[0]

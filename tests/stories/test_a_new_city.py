"""A city that nobody has used yet, without a contract for messages: from the first run to its first order."""

import argparse
import re

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.cli import first_run
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Kind, Node, Role, RoleHeld, Tree
from lianxin.organisations.queries import roots
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.users.proofs import PROVED_AT
from tests.console.test_menus import FILLED
from tests.stories.walk import Walker

pytestmark = pytest.mark.django_db

SLIP = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
PLACES = "和平街道\t和平里社区\n\t青松社区\n青年街道\t青年社区"
TEAMS = "和平支队\t和平里队\n\t青松队"


def at_the_desk(user: User) -> Walker:
    """He has come in, and has just proven himself."""
    walker = Walker(user)
    session = walker.client.session
    session[PROVED_AT] = clock.now().isoformat()
    session.save()
    return walker


def colleague(security: Walker, name: str, phone: str, *roles: tuple[Role, Node]) -> Walker:
    """The security administrator opens an account, gives the roles, and prints a slip that lets the colleague in."""
    security.does("console:account_new", name=name, phone=phone)
    user = User.objects.get(display_name=name)
    for role, node in roles:
        answer = security.client.post(
            reverse("console:role_give", args=[user.pk]) + f"?where={node.name}", {"role": role, "node": node.pk}
        )
        assert answer.status_code == 303, answer.content.decode()[:2000]
    printed = security.client.post(reverse("console:account_slip", args=[user.pk]), {"id_card_seen": "on"})
    [slip] = SLIP.findall(printed.content.decode())
    assert Client().post(reverse("site:by_slip"), {"slip": slip}).status_code == 303
    return at_the_desk(User.objects.get(pk=user.pk))


def pastes(officer: Walker, top: Node, **said: str) -> None:
    """He sees what the list would open, and opens it."""
    shown = officer.client.post(reverse("console:node_many", args=[top.pk]), said)
    officer.does("console:node_many", top.pk, **said, sure=shown.context["plan"].mark)


def test_from_the_first_run_to_the_first_order(capsys: pytest.CaptureFixture[str]) -> None:
    named = {"system": "张系统:13800000001", "security": "李安全:13800000002", "audit": "王审计:13800000003"}
    assert first_run.run(argparse.Namespace(city="晴川市", again=False, **named)) == 0
    capsys.readouterr()
    city, corps, party = (roots(tree).get() for tree in (Tree.PLACE, Tree.SERVICE, Tree.PARTY))
    assert (city.name, corps.name, party.name) == ("晴川市", "晴川市党员志愿服务总队", "晴川市党委")
    security = at_the_desk(RoleHeld.objects.get(role=Role.SECURITY_ADMINISTRATOR).user)

    # The officer pastes the city out of two lists, and says what can be had.
    tops = [(Role.CITY_OFFICER, top) for top in (city, corps, party)]
    officer = colleague(security, "何市管", "13900000001", *tops)
    pastes(officer, city, kind=Kind.STREET, lower_kind=Kind.COMMUNITY, lines=PLACES)
    pastes(officer, corps, kind=Kind.DETACHMENT, lower_kind=Kind.TEAM, lines=TEAMS)
    community, team = Node.objects.get(name="和平里社区"), Node.objects.get(name="和平里队")
    officer.does("console:node_serve", team.pk, **{"serve-to": f"{community.name} #{community.pk}"})
    assert officer.client.post(f"{reverse('console:menu_new')}?place={city.pk}", FILLED).status_code == 303

    # The station writes somebody down and orders for her.
    worker = colleague(security, "陈站长", "13900000002", (Role.STATION_WORKER, community))
    worker.does("console:person_new", name="赵桂兰", home=community.pk, phone="13900000009")
    lady = Person.objects.get(name="赵桂兰")
    item = MenuItem.objects.get()
    assert "代买药" in worker.sees("console:menus")
    worker.does("console:desk_answer", typed=lady.call_number)
    call = worker.client.get(reverse("console:desk"), follow=True).context["call"]
    worker.does("console:desk_choose", call.pk, person=lady.pk)
    when = worker.client.get(reverse("console:desk_when", args=[call.pk, item.pk])).context["parts"][0][1].slug
    worker.does("console:desk_place", call.pk, item.pk, when, details="降压药", key="0" * 32)
    order = Order.objects.get()
    assert (order.resident, order.item, order.place) == (lady, item, community)
    assert f"{order.number} 号" in worker.sees("console:orders")

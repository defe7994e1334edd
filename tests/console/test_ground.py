"""组织 and 志愿者: the pages of the trees and of the ledger, and who reads nothing there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve
from lianxin.organisations.models import Kind, Node, Role
from lianxin.users.models import User
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.membership import record_member
from lianxin.volunteers.models import Membership, Volunteer
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]


@pytest.fixture
def leader(city: City) -> User:
    return make.staff("支队联络员", Role.UNIT_OFFICER, city.corps)


def test_the_tree_unfolds_and_a_node_says_who_answers_for_it(
    city: City, leader: User, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(leader)
    tree, team = reverse("console:organisations"), reverse("console:node", args=[city.team.pk])
    assert "东湖支队" in client.get(tree).content.decode()
    assert "和平里红帽队" in client.get(f"{tree}?at={city.team.pk}").content.decode()
    assert "和平里红帽队" in client.get(f"{tree}?q=hpl").content.decode()
    page = client.get(team).content.decode()
    assert [words in page for words in ("刘队长", "和平里社区", "已确认", "调整上级")] == [True] * 4
    below = reverse("console:node_children", args=[city.team.parent_id])
    one = queries_of(client, below)
    for number in range(2):
        open_node(kind=Kind.TEAM, name=f"第{number}队", parent=city.team.parent, by=None)
    assert queries_of(client, below) == one


def test_a_change_is_made_from_the_page_and_a_refusal_stands_beside_its_field(
    city: City, leader: User, browser_of: BrowserOf
) -> None:
    client = browser_of(leader)
    renamed = client.post(reverse("console:node_rename", args=[city.team.pk]), {"rename-name": "和平里先锋队"})
    assert (renamed.status_code, Node.objects.get(pk=city.team.pk).name) == (303, "和平里先锋队")
    refused = client.post(reverse("console:node_merge", args=[city.team.pk]), {"merge-to": "连心总队"})
    assert (refused.status_code, "只能并入另一个" in refused.content.decode()) == (422, True)
    assert client.post(reverse("console:node_close", args=[city.team.pk])).status_code == 409


def test_whoever_has_another_subtree_reads_nothing(city: City, browser_of: BrowserOf) -> None:
    other = open_node(kind=Kind.CORPS, name="外市总队", parent=None, by=None)
    client = browser_of(make.staff("外市联络员", Role.UNIT_OFFICER, other))
    for name, pk in (("node", city.team.pk), ("node_children", city.corps.pk), ("volunteer", city.volunteer.pk)):
        assert client.get(reverse(f"console:{name}", args=[pk])).status_code == 404
    for name in ("organisations", "volunteers", "review", "members", "openings"):
        page = client.get(reverse(f"console:{name}")).content.decode()
        assert [words in page for words in ("和平里红帽队", "李建国")] == [False, False]


def test_the_captain_reviews_from_the_list_and_reads_a_telephone_only_after_a_look(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(city.captain)
    made = [
        register_volunteer(person=make.person(name), team=city.team, skills=[], free=0, by=None)
        for name in ("单国强", "曾小妹", "解小龙")
    ]
    Volunteer.objects.filter(pk__in=[each.pk for each in made[1:]]).update(state="left")
    review = reverse("console:review")
    one = queries_of(client, review)
    Volunteer.objects.filter(pk__in=[each.pk for each in made]).update(state="applied")
    assert queries_of(client, review) == one
    done = client.post(reverse("console:review_approve"), {"volunteer": [made[0].pk, made[1].pk]})
    assert done.status_code == 303
    assert {Volunteer.objects.get(pk=each.pk).state for each in made[:2]} == {"active"}
    again = client.post(
        reverse("console:review_approve") + "?late=on", {"volunteer": [each.pk for each in made]}, follow=True
    )
    assert again.redirect_chain == [(f"{review}?late=on", 303)]
    assert "已通过 1 人。" in again.content.decode()
    assert "单国强 没有办成：已经是「在册」了" in again.content.decode()
    Volunteer.objects.filter(pk=made[2].pk).update(state="applied")
    phone = made[0].person.phone
    assert phone
    sheet = reverse("console:volunteer", args=[made[0].pk])
    number = phone.open() if not isinstance(phone, str) else phone
    assert number not in client.get(sheet).content.decode()
    assert number in client.post(reverse("console:volunteer_look", args=[made[0].pk])).content.decode()
    refused = client.post(reverse("console:volunteer_ask", args=[made[2].pk]), {"ask-reason": "请补充技能"})
    assert (refused.status_code, Volunteer.objects.get(pk=made[2].pk).reason) == (303, "请补充技能")


def test_the_ledger_and_its_counts_are_opened_and_cost_the_same_for_three(
    city: City, leader: User, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(leader)
    ledger = reverse("console:volunteers")
    two = queries_of(client, ledger)
    make.volunteer("解小龙", team=city.team, captain=city.captain)
    assert queries_of(client, ledger) == two
    page = client.get(f"{ledger}?q=xxl").content.decode()
    assert ("解小龙" in page, "李建国" in page) == (True, False)
    for name in ("volunteer_counts", "kit_out", "transfers", "stand_ins", "openings", "members", "blank_spots"):
        assert client.get(reverse(f"console:{name}")).status_code == 200
    assert client.get(reverse("console:node_join", args=[city.team.pk])).status_code == 200


def test_a_stranger_registers_on_one_page_and_shows_a_card_that_tells_no_name(
    city: City, browser_of: BrowserOf
) -> None:
    user = make.new_user()
    client = browser_of(user)
    join = f"{reverse('site:join')}?team={city.team.pk}"
    assert "和平里红帽队" in client.get(join).content.decode()
    said = {"name": "查小良", "home": "和平里", "team": "和平里红帽队", "born_on": "1990-05-20", "free": ["5-morning"]}
    assert client.post(join, said).status_code == 422
    assert client.post(join, said | {"agree": "on"}).status_code == 303
    own = Volunteer.objects.get(person__user=user)
    assert (own.state, own.free, own.person.home) == ("applied", 7 << 40, city.community)
    assert "报名收到了" in client.get(reverse("site:volunteer")).content.decode()
    check = reverse("site:card_check", args=[own.card_code])
    assert Client().get(check).status_code == 404
    browser_of(city.captain).post(reverse("console:volunteer_approve", args=[own.pk]))
    page = Client().get(check).content.decode()
    assert ("是登记志愿者" in page, own.number in page, "查小良" in page) == (True, True, False)
    card = reverse("site:volunteer_card")
    assert own.number in client.get(card).content.decode()
    client.post(card, {"shows_name": "yes"})
    assert "查小良" in Client().get(check).content.decode()
    client.post(card, {"renew": "yes"})
    assert Client().get(check).status_code == 404
    assert client.get(reverse("site:volunteer_offer")).status_code == 200


def test_who_belongs_to_a_branch_only_its_own_chain_learns(city: City, browser_of: BrowserOf) -> None:
    branch = open_node(kind=Kind.BRANCH, name="和平里党支部", parent=None, by=None)
    secretary = make.staff("许书记", Role.SECRETARY, branch)
    record_member(person=city.volunteer.person, node=branch, kind=Membership.Kind.FULL, by=secretary)
    own, ledger = browser_of(secretary), reverse("console:volunteers")
    for query in ({"at": branch.pk}, {"unit": "和平里党支部"}):
        assert list(own.get(ledger, query).context["page"]) == [city.volunteer], query
    assert "支部、单位或群团" in own.get(ledger).content.decode()
    captain = browser_of(city.captain)
    everybody = [city.second_volunteer, city.volunteer]
    assert list(captain.get(ledger, {"at": branch.pk}).context["page"]) == everybody
    assert list(captain.get(ledger, {"unit": "和平里党支部"}).context["page"]) == everybody
    for address in (f"{ledger}?at={branch.pk}", f"/console/volunteers/counts/?at={branch.pk}"):
        assert "支部" not in captain.get(address).content.decode()
    assert len(captain.get(f"/console/exports/text/volunteers/?at={branch.pk}").context["text"].splitlines()) == 3


def test_members_are_searched_and_leave_as_searched(city: City, browser_of: BrowserOf) -> None:
    branch = open_node(kind=Kind.BRANCH, name="和平里党支部", parent=None, by=None)
    secretary = make.staff("许书记", Role.SECRETARY, branch)
    for volunteer in (city.volunteer, city.second_volunteer):
        record_member(person=volunteer.person, node=branch, kind=Membership.Kind.FULL, by=secretary)
    client, address = browser_of(secretary), reverse("console:members")
    assert len(client.get(address, {"waiting": "on", "kind": "full"}).context["page"]) == 2
    for query in ({"q": "建国"}, {"q": "ljg"}, {"q": "建国", "place": str(branch.pk)}):
        assert [each.person for each in client.get(address, query).context["page"]] == [city.volunteer.person], query
        assert len(client.get("/console/exports/text/members/", query).context["text"].splitlines()) == 2
    assert "没有符合条件的" in client.get(address, {"kind": "probationary"}).content.decode()


def test_who_serves_which_place_stands_on_one_list(
    city: City, leader: User, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client, address = browser_of(leader), reverse("console:serving")
    [serves] = client.get(address).context["page"]
    assert (serves.team, serves.place) == (city.team, city.community)
    one = queries_of(client, address)
    for number in range(2):
        team = open_node(kind=Kind.TEAM, name=f"第{number}队", parent=city.team.parent, by=None)
        let_serve(team=team, place=city.street, by=None)
    assert queries_of(client, address) == one
    assert [each.place for each in client.get(address, {"q": "红帽"}).context["page"]] == [city.community]
    assert len(client.get(address, {"q": "hpjd"}).context["page"]) == 2
    assert len(client.get(address, {"place": str(city.team.pk)}).context["page"]) == 1
    assert "和平里红帽队" in client.get("/console/exports/text/serving/", {"q": "红帽"}).context["text"]
    other = open_node(kind=Kind.CORPS, name="外市总队", parent=None, by=None)
    assert list(browser_of(make.staff("外市", Role.UNIT_OFFICER, other)).get(address).context["page"]) == []


def test_the_past_of_a_node_reads_in_words(city: City, leader: User, browser_of: BrowserOf) -> None:
    client = browser_of(leader)
    client.post(reverse("console:node_rename", args=[city.team.pk]), {"rename-name": "和平里先锋队"})
    page = client.get(reverse("console:node", args=[city.team.pk])).content.decode()
    assert "组织改名" in page and "organisations." not in page


def test_what_stands_beyond_the_own_reach_is_named_without_a_link(city: City, browser_of: BrowserOf) -> None:
    captain = browser_of(city.captain)
    for address in (reverse("console:node", args=[city.team.pk]), reverse("console:serving")):
        shown = captain.get(address).content.decode()
        assert "和平里社区" in shown
        led_to = {node for node in Node.objects.all() if f'href="{reverse("console:node", args=[node.pk])}"' in shown}
        assert led_to <= {city.team}

"""What somebody asks of the community about a record, and what the worker says to it (rule P6)."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.freezing import require_not_frozen
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import Kind, Node
from lianxin.organisations.queries import require
from lianxin.people.models import Application, Helper, Person
from lianxin.people.queries import person_of
from lianxin.people.rules import ANSWERED_WITHIN
from lianxin.users.models import User


@action
def apply_to_be(*, person: Person, user: User, by: User | None) -> Application:
    """To be taken for a person already written down, who has the same name and phone (rule P7)."""
    if person.home is None:
        raise Refused(_("社区已经登记过您，请打社区电话认领。"))
    return _apply(Application.Kind.CLAIM, user, person, person.home.path, {}, by)


@action
def apply_to_help(
    *, name: str, home: Node, relation: str, scopes: list[Helper.Scope], by: User, phone: str = ""
) -> Application:
    """To act for a relative who lives in `home`; the worker there asks the relative himself (rule F1)."""
    if person_of(by) is None:
        raise Forbidden(_("请先登记您自己的姓名和社区。"))
    if home.kind != Kind.COMMUNITY or home.closed_on:
        raise Refused(_("请选家人住的社区。"), field="home")
    if not name.strip() or not relation.strip():
        raise Refused(_("请写家人的姓名，以及您是他的什么人。"), field="name")
    if not scopes:
        raise Refused(_("请选您想帮家人做什么。"), field="scopes")
    facts = {"name": name.strip(), "phone": phone.strip(), "relation": relation.strip(), "scopes": list(scopes)}
    return _apply(Application.Kind.HELP, by, None, home.path, facts, by)


@action
def apply_to_correct(*, words: str, by: User) -> Application:
    """To have something in one's own record put right (PIPL 46)."""
    if not words.strip():
        raise Refused(_("请写清楚哪里不对、应该是什么。"), field="words")
    own = _own(by)
    return _apply(Application.Kind.CORRECT, by, own, _scope(own), {"words": words.strip()}, by)


@action
def apply_to_close(*, by: User) -> Application:
    """To have one's account closed; what the law wants kept is kept and used for nothing else (PIPL 47)."""
    own = _own(by)
    return _apply(Application.Kind.CLOSE, by, own, _scope(own), {}, by)


@action
def withdraw_application(*, application: Application, by: User) -> Application:
    """Whoever applied thinks again."""
    application = lock(Application, application.pk)
    if application.user_id != by.pk:
        raise Forbidden(_("只有申请人自己能撤回。"))
    move(application, Application.State.WITHDRAWN)
    application.save(update_fields=["state"])
    note("people.application_withdrawn", application, by=by, scope=application.scope)
    return application


@action
def refuse_application(*, application: Application, answer: str, by: User) -> Application:
    """It cannot be done, and why; the applicant reads it."""
    application = held(application, by)
    if not answer.strip():
        raise Refused(_("请写明为什么，申请人会看到。"), field="answer")
    return settle(application, Application.State.REFUSED, by, answer.strip())


@action
def look_at_application(*, application: Application, by: User) -> dict[str, Any]:
    """What was written in it, for the worker who deals with it; the look is noted (rule P2)."""
    require(by, "people.keep", application.scope)
    require_not_frozen()
    note(
        "people.looked",
        application,
        by=by,
        scope=application.scope,
        for_person=application.person_id,
        fields=["application"],
    )
    return facts_of(application)


def held(application: Application, by: User) -> Application:
    """The application under its lock, for a worker of its place."""
    application = lock(Application, application.pk)
    require(by, "people.keep", application.scope)
    return application


def facts_of(application: Application) -> dict[str, Any]:
    """What was written in it."""
    opened: dict[str, Any] = json.loads(application.facts.open())
    return opened


def settle(application: Application, state: Application.State, by: User, answer: str = "") -> Application:
    """Write down what came of it; the listener tells the applicant."""
    move(application, state)
    application.answer, application.answered_by, application.answered_at = answer, by, clock.now()
    application.save()
    note("people.application_answered", application, by=by, scope=application.scope, state=state)
    return application


def _apply(
    kind: Application.Kind, user: User, person: Person | None, scope: str, facts: dict[str, Any], by: User | None
) -> Application:
    lock(User, user.pk)
    now = clock.now()
    kept = Application.objects.create(
        kind=kind,
        user=user,
        person=person,
        scope=scope,
        facts=json.dumps(facts, ensure_ascii=False),
        made_at=now,
        due_at=working_time.after(now, ANSWERED_WITHIN),
    )
    note("people.applied", kept, by=by, scope=scope, kind=kind)
    return kept


def _own(by: User) -> Person:
    own = person_of(by)
    if own is None:
        raise Forbidden(_("请先登记您自己的姓名和社区。"))
    return own


def _scope(person: Person) -> str:
    if person.home is None:
        raise Refused(_("还不知道您住在哪个社区，请打热线电话。"))
    return str(person.home.path)

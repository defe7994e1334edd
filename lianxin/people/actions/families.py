"""Who may act for whom: given by the person himself, for a time, and taken back with one call."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.people import rules
from lianxin.people.actions.applications import held, settle
from lianxin.people.actions.registering import require_desk_of
from lianxin.people.models import Application, Barred, Helper, Person
from lianxin.people.queries import may_keep, person_of
from lianxin.users.models import User


@action
def let_help(
    *,
    person: Person,
    helper: Person,
    relation: str,
    scopes: Sequence[Helper.Scope],
    given_how: Helper.GivenHow,
    by: User | None,
    words: str = "",
    until: date | None = None,
) -> Helper:
    """The person lets a relative act for him, as told to the community's worker, for a year or `until` (rule F1)."""
    person = lock(Person, person.pk, "home")
    require_desk_of(person, by)
    since = clock.today()
    until = until or since + timedelta(days=rules.HELP_LASTS_DAYS)
    _require_sensible(relation, scopes, since, until)
    if Barred.objects.filter(person=person, other=helper).exists():
        raise Refused(_("本人说过不要这位家人替他办事。要改，先请本人亲口说。"), field="helper")
    kept = Helper.objects.create(
        person=person,
        helper=helper,
        relation=relation,
        scopes=list(scopes),
        given_how=given_how,
        words=words or rules.words_to_read(relation, helper.name, scopes, until),
        recorded_by=by,
        during=DateRange(since, until),
    )
    note(
        "people.helper_let",
        person,
        by=by,
        scope=_scope(person),
        for_person=person.pk,
        helper=helper.pk,
        scopes=list(scopes),
        row=kept.pk,
    )
    return kept


@action
def stop_help(*, helper: Helper, by: User | None) -> Helper:
    """From now on the relative does not act any more: the person says so, on his page or with one call; or the
    relative himself gives it up (rule F3)."""
    person = lock(Person, helper.person_id, "home")
    helper = lock(Helper, helper.pk, "helper")
    is_himself = by is not None and helper.helper.user_id == by.pk
    if not is_himself and not may_keep(person, by):
        raise Forbidden(_("只有本人、这位家人自己或社区可以取消。"))
    return _stop(person, helper, by)


@action
def bar_relative(*, person: Person, other: Person, by: User | None) -> Barred:
    """The person does not want this relative to act for him or to hear of him; what was given ends (rule F4)."""
    person = lock(Person, person.pk, "home")
    if not may_keep(person, by):
        raise Forbidden(_("这位居民不在您负责的社区，不能改他的资料。"))
    barred = Barred.objects.create(person=person, other=other, recorded_by=by, made_at=clock.now())
    standing = Helper.objects.filter(person=person, helper=other, during__contains=clock.today())
    for each in standing.select_related("helper").order_by("pk"):
        _stop(person, each, by)
    note("people.relative_barred", person, by=by, scope=_scope(person), for_person=person.pk, other=other.pk)
    return barred


@action
def unbar_relative(*, barred: Barred, by: User | None) -> None:
    """The person has changed his mind, and said so himself."""
    person = lock(Person, barred.person_id, "home")
    if not may_keep(person, by):
        raise Forbidden(_("这位居民不在您负责的社区，不能改他的资料。"))
    other = barred.other_id
    barred.delete()
    note("people.relative_unbarred", person, by=by, scope=_scope(person), for_person=person.pk, other=other)


@action
def grant_help(
    *,
    application: Application,
    person: Person,
    relation: str,
    scopes: Sequence[Helper.Scope],
    given_how: Helper.GivenHow,
    words: str,
    until: date | None,
    by: User,
) -> Helper:
    """The worker has asked the person himself, and he agrees (rule F1)."""
    application = held(application, by)
    applicant = person_of(application.user)
    if application.kind != Application.Kind.HELP or applicant is None:
        raise Refused(_("这不是帮家里人点单的申请。"))
    application.person = person
    settle(application, Application.State.GRANTED, by)
    return let_help(
        person=person,
        helper=applicant,
        relation=relation,
        scopes=scopes,
        given_how=given_how,
        words=words,
        until=until,
        by=by,
    )


def _stop(person: Person, helper: Helper, by: User | None) -> Helper:
    today = clock.today()
    if helper.during.isempty or (helper.during.upper and helper.during.upper <= today):
        raise Refused(_("已经取消过了。"))
    helper.during = DateRange(helper.during.lower, today)
    helper.save(update_fields=["during"])
    note(
        "people.help_stopped",
        person,
        by=by,
        scope=_scope(person),
        for_person=person.pk,
        helper=helper.helper_id,
        row=helper.pk,
    )
    return helper


def _require_sensible(relation: str, scopes: Sequence[Helper.Scope], since: date, until: date) -> None:
    if not relation.strip():
        raise Refused(_("请写这位家人是本人的什么人，例如女儿。"), field="relation")
    if not scopes:
        raise Refused(_("请选本人同意的事，至少一件。"), field="scopes")
    if not since < until <= since + timedelta(days=rules.HELP_AT_MOST_DAYS):
        raise Refused(_("请选明天以后、两年以内的日子。"), field="until")


def _scope(person: Person) -> str | None:
    return person.home.path if person.home else None

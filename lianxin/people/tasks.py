"""Who hears of what happens to people's records, and what ends by itself."""

from datetime import timedelta

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.base.words import full_date_in_words
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.people import rules
from lianxin.people.actions.complaints import carry_complaints
from lianxin.people.actions.reaching import tell
from lianxin.people.actions.registering import move_homes
from lianxin.people.models import Application, Helper
from lianxin.people.queries import person_of

FAMILY_PAGE, OWN_PAGE = "/family/", "/me/"


@on("people.helper_let")
def tell_both_what_was_given(entry: Entry) -> None:
    """The person and the relative hear the same: for what, until when, and how it ends (rule F1)."""
    given = Helper.objects.select_related("person__home", "helper__home").get(pk=entry.facts["row"])
    facts = {
        "relation": given.relation,
        "helper": given.helper.name,
        "person": given.person.name,
        "deeds": given.get_scopes_display(),
        "until": _day(given),
    }
    to_person = _("您%(relation)s%(helper)s可以替您办：%(deeds)s，到%(until)s。不想要了，打个电话就取消。")
    to_helper = _("%(person)s同意您帮忙办：%(deeds)s，到%(until)s。本人随时可以取消。")
    tell(person=given.person, text=to_person % facts, key=f"{entry.pk}:person", link=OWN_PAGE)
    tell(person=given.helper, text=to_helper % facts, key=f"{entry.pk}:helper", link=FAMILY_PAGE)


@on("people.help_stopped")
def tell_both_that_it_ended(entry: Entry) -> None:
    """Without a reason: nobody has to give one (rule F3)."""
    given = Helper.objects.select_related("person__home", "helper__home").get(pk=entry.facts["row"])
    facts = {"relation": given.relation, "helper": given.helper.name, "person": given.person.name}
    to_person = _("您%(relation)s%(helper)s不再替您办事了。") % facts
    tell(person=given.person, text=to_person, key=f"{entry.pk}:person", link=OWN_PAGE)
    to_helper = _("您不再替%(person)s办事了。有疑问请打社区电话。") % facts
    tell(person=given.helper, text=to_helper, key=f"{entry.pk}:helper", link=FAMILY_PAGE)


@on("people.application_answered")
def tell_the_applicant(entry: Entry) -> None:
    application = Application.objects.select_related("user").get(pk=entry.subject_id)
    applicant = person_of(application.user)
    is_refused = application.state == Application.State.REFUSED
    if applicant is None or not (is_refused or application.kind == Application.Kind.CORRECT):
        return
    words = _("您申请的「%(kind)s」：%(answer)s") if application.answer else _("您申请的「%(kind)s」办好了。")
    facts = {"kind": application.get_kind_display(), "answer": application.answer}
    tell(person=applicant, text=words % facts, key=f"{entry.pk}:{applicant.pk}", link=OWN_PAGE)


@app.periodic(cron=clock.daily("08:30"))
@app.task(name="people.help_ends_soon", queueing_lock="people.help_ends_soon")
def say_what_ends_soon(timestamp: int) -> None:
    """Thirty days before, both hear that it ends; told once, also if a morning was missed (rule F3)."""
    today = clock.today()
    last = today + rules.HELP_ENDS_SOON + timedelta(days=1)
    ending = Helper.objects.filter(during__endswith__gt=today, during__endswith__lt=last)
    for given in ending.select_related("person__home", "helper__home").order_by("pk"):
        facts = {"helper": given.helper.name, "person": given.person.name, "until": _day(given)}
        to_person = _("%(helper)s替您办事到%(until)s为止。还想让他帮忙，请告诉社区。") % facts
        tell(person=given.person, text=to_person, key=f"help-ends:{given.pk}:person", link=OWN_PAGE)
        to_helper = _("您替%(person)s办事到%(until)s为止。要接着办，请社区再问一次本人。") % facts
        tell(person=given.helper, text=to_helper, key=f"help-ends:{given.pk}:helper", link=FAMILY_PAGE)


def _day(given: Helper) -> str:
    return full_date_in_words(given.last_day).partition(" ")[0] if given.last_day else ""


@on("organisations.node_moved", "organisations.node_merged")
def follow_the_trees(entry: Entry) -> None:
    """Residents of a merged place live in its successor; open complaints follow a moved or merged place (rule G3)."""
    carry_complaints(was=entry.facts["was"], now=entry.facts["now"])
    if "into" in entry.facts:
        move_homes(place=entry.subject_id, into=entry.facts["into"])

"""What volunteers hear, and what happens by itself: mergers, the end of a suspension, and the count of a city."""

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.base.words import full_date_in_words
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.organisations.models import Node
from lianxin.people.actions.reaching import tell
from lianxin.volunteers.actions.counting import count_heads
from lianxin.volunteers.actions.standing import resume
from lianxin.volunteers.actions.transferring import follow_merger
from lianxin.volunteers.models import Membership, Transfer, Volunteer

MINE, CARD = "/volunteer/", "/volunteer/card/"


@on("organisations.node_merged")
def follow(entry: Entry) -> None:
    """Volunteers and members of a merged node are of its successor."""
    nodes = Node.objects.in_bulk([entry.subject_id, entry.facts["into"]])
    follow_merger(node=nodes[entry.subject_id], into=nodes[entry.facts["into"]])


@on(
    "volunteers.approved",
    "volunteers.asked_back",
    "volunteers.refused",
    "volunteers.suspended",
    "volunteers.resumed",
    "volunteers.transferred",
    "volunteers.followed_merger",
)
def tell_the_volunteer(entry: Entry) -> None:
    """What was decided about him; the reason he reads on his own page."""
    volunteer = Volunteer.objects.select_related("person__user", "person__home", "team").get(pk=entry.subject_id)
    words = {
        "volunteers.approved": _("欢迎您！您已经是「%(team)s」的志愿者，电子证可以用了。"),
        "volunteers.asked_back": _("您的志愿者报名还差一点，请看队长的说明，补好再交。"),
        "volunteers.refused": _("您的志愿者报名这次没有通过，请看说明。欢迎报别的队伍。"),
        "volunteers.suspended": _("您的志愿服务暂停了%(until)s，请看说明。"),
        "volunteers.resumed": _("您可以继续参加志愿服务了。"),
        "volunteers.transferred": _("「%(team)s」已经接收您，欢迎！"),
        "volunteers.followed_merger": _("队伍合并了，您现在在「%(team)s」。您的编号和时长都不变。"),
    }
    until = _("，到%(day)s为止") % {"day": full_date_in_words(volunteer.until)} if volunteer.until else ""
    text = words[entry.name] % {"team": volunteer.team.name, "until": until}
    tell(person=volunteer.person, text=text, key=f"{entry.pk}", link=MINE)


@on("volunteers.transfer_declined")
def tell_of_the_answer(entry: Entry) -> None:
    """The other team did not say yes."""
    transfer = Transfer.objects.select_related("volunteer__person__user", "to_team").get(pk=entry.subject_id)
    text = _("「%(team)s」这次没有接收您，您还在原来的队伍。请看说明。") % {"team": transfer.to_team.name}
    tell(person=transfer.volunteer.person, text=text, key=f"{entry.pk}", link=MINE)


@on("volunteers.member_recorded")
def ask_the_member(entry: Entry) -> None:
    """He is asked whether it is so; the message names no branch, since it may be read by others."""
    membership = Membership.objects.select_related("person__user", "person__home").filter(pk=entry.subject_id).first()
    if membership:
        text = _("有单位登记了您的组织关系，请您确认是不是。")
        tell(person=membership.person, text=text, key=f"{entry.pk}", link=MINE)


@app.periodic(cron=clock.daily("00:10"))
@app.task(name="volunteers.resume", queueing_lock="volunteers.resume")
def resume_the_suspended(timestamp: int) -> None:
    """Whose suspension ended yesterday serves again today."""
    over = Volunteer.objects.filter(state=Volunteer.State.SUSPENDED, until__lt=clock.today()).order_by("pk")
    for volunteer in over:
        resume(volunteer=volunteer, by=None)


@app.periodic(cron="*/10 * * * *")
@app.task(name="volunteers.count_heads", queueing_lock="volunteers.count_heads")
def count_heads_again(timestamp: int) -> None:
    """A large city's figures are never older than ten minutes."""
    count_heads()

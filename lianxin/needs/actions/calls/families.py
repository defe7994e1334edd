"""What a caller may say about his family, or a family about him: it ends, or nobody answers (rules F3 and S1)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action
from lianxin.base.refused import Refused
from lianxin.needs.actions.alarms import raise_alarm
from lianxin.needs.actions.calls.taking import own_open
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call
from lianxin.people.actions.families import stop_help
from lianxin.people.models import Helper, Person
from lianxin.users.models import User


@action
def alarm_in_call(*, call: Call, by: User) -> Alarm:
    """Somebody rings because he cannot reach the person whom the call is about: it rings at the place at once."""
    call = own_open(call, by)
    if call.person_id is None:
        raise Refused(_("请先选联系不上的是谁。"), field="person")
    person = Person.objects.get(pk=call.person_id)
    alarm = raise_alarm(person=person, kind=Alarm.Kind.UNREACHABLE, by=by)
    _is_about(call, Call.Kind.ALARM)
    return alarm


@action
def stop_help_in_call(*, call: Call, helper: Helper, by: User) -> Helper:
    """The person himself says on the telephone that this relative acts for him no more; nobody asks why."""
    call = own_open(call, by)
    if helper.person_id != call.person_id:
        raise Refused(_("这不是这位居民的家人。"))
    if call.relation != Call.Relation.SELF:
        raise Refused(_("要本人在电话里说才能取消。请打给本人问一问。"))
    stopped = stop_help(helper=helper, by=by)
    _is_about(call, Call.Kind.FAMILY)
    return stopped


def _is_about(call: Call, kind: Call.Kind) -> None:
    call.kind = kind
    call.save(update_fields=["kind"])

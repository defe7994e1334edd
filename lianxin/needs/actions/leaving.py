"""Closing an account: nothing that others rely on ends with it, and the data are only kept (rule P13)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.queries.leaving import what_must_be_handed_over
from lianxin.organisations.actions.belonging import stop_belonging
from lianxin.organisations.models import Role
from lianxin.people.actions.applications import apply_to_close, held, settle
from lianxin.people.actions.withdrawing import restrict
from lianxin.people.models import Application, Person
from lianxin.people.queries import person_of
from lianxin.users.actions.sessions import end_sessions
from lianxin.users.models import User
from lianxin.volunteers.actions.standing import restrict_volunteer
from lianxin.volunteers.models import Volunteer


@action
def ask_to_close(*, by: User) -> Application:
    """Ask the community to close one's account, once nothing is left to hand over."""
    own = person_of(by)
    if own is None:
        raise Forbidden(_("请先登记您自己的姓名和社区。"))
    _require_nothing_held(by, own)
    return apply_to_close(by=by)


@action
def close_account(*, application: Application, by: User) -> Application:
    """The worker has asked the person himself: nobody signs in by the account any more, and what the law wants kept of
    him is kept and used for nothing (PIPL 47)."""
    if application.kind != Application.Kind.CLOSE or application.person is None:
        raise Refused(_("这不是停用账号的申请。"))
    volunteer = Volunteer.objects.filter(person=application.person).first()
    if volunteer:
        volunteer = lock(Volunteer, volunteer.pk, "team", "person__user")
    person = lock(Person, application.person.pk, "home")
    application = held(application, by)
    user = lock(User, application.user_id)
    _require_nothing_held(user, person)
    settled = settle(application, Application.State.GRANTED, by)
    if volunteer and volunteer.state != Volunteer.State.RESTRICTED:
        restrict_volunteer(volunteer, by)
    restrict(person, by)
    stop_belonging(users=[user], role=Role.RESIDENT, by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user, by=by)
    return settled


def _require_nothing_held(user: User, person: Person) -> None:
    if still := what_must_be_handed_over(user, person):
        raise Refused(_("停用前要先交接：%(still)s") % {"still": "".join(still)})

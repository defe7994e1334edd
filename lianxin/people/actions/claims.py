"""Taking whoever signs in for a person already written down, and correcting, when a worker has made sure."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action
from lianxin.base.refused import Refused
from lianxin.people.actions.applications import held, settle
from lianxin.people.actions.registering import claim
from lianxin.people.models import Application, Person
from lianxin.users.models import User


@action
def grant_claim(*, application: Application, by: User) -> Person:
    """The worker has rung the number or seen the person: it is he (rule P7)."""
    application = held(application, by)
    if application.kind != Application.Kind.CLAIM or application.person is None:
        raise Refused(_("这不是认领资料的申请。"))
    settle(application, Application.State.GRANTED, by)
    return claim(person=application.person, user=application.user, by=by)


@action
def grant_correction(*, application: Application, by: User) -> Application:
    """The worker has put it right on the person's page."""
    application = held(application, by)
    if application.kind != Application.Kind.CORRECT:
        raise Refused(_("这不是更正资料的申请。"))
    return settle(application, Application.State.GRANTED, by)

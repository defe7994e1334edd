"""Sign-in slips for whoever stands at the counter (rule A6)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.organisations.queries import administers_all, require
from lianxin.people.actions.registering import claim
from lianxin.people.models import Person
from lianxin.users.actions.slips import issue_slip
from lianxin.users.models import Slip, User
from lianxin.users.rules import ISSUE_SLIPS


@action
def give_slip(*, person: Person, id_card_seen: bool, by: User) -> tuple[Slip, str]:
    """A sign-in slip for somebody whom the worker has before him, and the code to print on it.

    Who has never signed in gets a user by the phone that is written down for him.
    """
    person = lock(Person, person.pk, "user", "home")
    scope = person.home.path if person.home else None
    if not administers_all(by, ISSUE_SLIPS):
        require(by, ISSUE_SLIPS, scope)
    if not id_card_seen:
        raise Refused(_("请先核对本人的身份证件，再打印登录条。"), field="id_card_seen")
    user = person.user or _claimed(person, by)
    return issue_slip(user=user, by=by, scope=scope, id_card_seen=id_card_seen)


def _claimed(person: Person, by: User) -> User:
    user = _new_user_of(person)
    claim(person=person, user=user, by=by)
    return user


def _new_user_of(person: Person) -> User:
    if person.phone is None:
        raise Refused(_("还没有登记手机号。登录要用手机号认人，请先给他登记一个。"))
    phone = person.phone.open()
    if User.objects.get_by_phone(phone):
        raise Refused(_("这个手机号已经是家里另一个人的账号。请给他登记一个自己的手机号。"))
    return User.objects.make(phone)

"""平安 or 需关注, after it was said: put right at the resident's word, and forgotten when he is helped no more (E9)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs.models.visits import Visit
from lianxin.organisations.queries import require
from lianxin.people.models import Person
from lianxin.users.models import User


@action
def correct_found(*, visit: Visit, found: str, by: User) -> Visit:
    """The resident says that it was otherwise, or wants no word of it kept: the desk that keeps his record writes down
    that one, or none (PIPL 46, 47). Where several went, it holds for all of them."""
    visit = lock(Visit, visit.pk, "assignment__order")
    order = visit.assignment.order
    require(by, "people.keep", order.place_path)
    if not visit.found or found not in {"", *Visit.Found.values}:
        raise Refused(_("没有可以改的，请回到这个人的页面再看一下。"))
    said = Visit.objects.filter(assignment__order=order, round=visit.round).exclude(found="")
    visit.found = found
    said.update(found=visit.found)
    note("needs.found_corrected", visit, by=by, scope=order.place_path, for_person=order.resident_id)
    return visit


@action
def forget_found(*, person: Person) -> None:
    """How people found him is kept no longer than the rest that is known of his life (rule P13)."""
    Visit.objects.filter(assignment__order__resident=person).exclude(found="").update(found="")

"""An objection to a dispatch that has nothing left to be decided about (rule D11)."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.bulk import update_many
from lianxin.base.moves import move
from lianxin.base.prepared import Prepared
from lianxin.journal.actions import note
from lianxin.needs.models.detours import Objection
from lianxin.needs.models.orders import Order
from lianxin.users.models import User

WHY: dict[str, str | Promise] = {
    Order.State.CANCELLED: _("这一单取消了。"),
    Order.State.REDIRECTED: _("这一单转办了。"),
}


def drop_objection(order: Order, by: User | None) -> None:
    """Somebody has accepted the order, locked by the caller, or it is off: what was still open ends by itself."""
    objection = _open_objection.first(order.pk)
    if objection is None:
        return
    move(objection, Objection.State.DROPPED)
    objection.decided_at = clock.now()
    objection.words = str(WHY.get(order.state, _("已经有人接了这一单。")))
    update_many([objection], "state", "decided_at", "words")
    facts = {"objection": objection.pk, "state": objection.state}
    note("needs.objection_dropped", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)


_open_objection = Prepared(
    lambda order: Objection.objects.filter(order_id=order, state=Objection.State.OPEN).select_for_update(no_key=True),
    models.BigIntegerField(),
)

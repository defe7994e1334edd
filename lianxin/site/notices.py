"""My messages; and the demo's outbox, where one reads what would have gone to a telephone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import EVERYBODY, SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Forbidden
from lianxin.notices.actions import mark_read, open_notice
from lianxin.notices.queries import inbox, recent_sms, unread_count
from lianxin.site.known import Me, known
from lianxin.users.queries import is_demo_open

A_PAGE, OUTBOX = 20, 50


@page(SIGNED_IN)
@known
def notices(request: HttpRequest, me: Me) -> HttpResponse:
    """What was sent to me, the newest first."""
    shown = page_of(request, inbox(me.user), A_PAGE)
    return render(request, "site/notices/notices.html", {"page": shown, "waiting": unread_count(me.user)})


@page(SIGNED_IN)
@require_POST
@known
def notice_open(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Read one message and go to what it is about."""
    notice = open_notice(notice=get_object_or_404(inbox(me.user), pk=pk), by=me.user)
    return SeeOther(notice.link or "site:notices")


@page(SIGNED_IN)
@require_POST
@known
def notices_read(request: HttpRequest, me: Me) -> HttpResponse:
    """All of them are read."""
    mark_read(by=me.user)
    return SeeOther("site:notices")


@page(EVERYBODY)
def outbox(request: HttpRequest) -> HttpResponse:
    """The last text messages, opened, in a demo city only: all its telephones are invented."""
    if not is_demo_open():
        raise Forbidden(_("只有演示城市才能看发件箱。"))
    return render(request, "site/notices/outbox.html", {"messages_sent": recent_sms()[:OUTBOX]})


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", notice_open, name="notice_open"),
    path("outbox/", outbox, name="outbox"),
]

"""Another phone: proven by a code sent there, asked for by somebody who has just proven who he is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.notices.actions import send_code
from lianxin.site.users.entering import address, enter, signed_in
from lianxin.site.users.sign_in import DigitsForm, PhoneForm, words_for_wrong
from lianxin.users.actions.accounts import change_phone
from lianxin.users.actions.codes import ask_for_code
from lianxin.users.proofs import PROOFS, fresh
from lianxin.users.queries import code_sent

SENT = "code_sent_to_new_phone"


@page(SIGNED_IN)
@fresh
@sensitive_post_parameters()
def phone(request: HttpRequest) -> HttpResponse:
    """First step: the new number."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent, digits = ask_for_code(phone=form.cleaned_data["phone"], address=address(request))
        except Refused as refused:
            form.add_error("phone", str(refused))
        else:
            send_code(phone=sent.phone.open(), code=digits)
            request.session[SENT] = sent.pk
            return SeeOther("site:phone_code")
    return render(request, "site/users/phone.html", {"form": form}, status=422 if form.errors else 200)


@page(SIGNED_IN)
@fresh
@sensitive_post_parameters()
def phone_code(request: HttpRequest) -> HttpResponse:
    """Second step: the code that came there. Every other browser is signed out."""
    pk = request.session.get(SENT)
    sent = code_sent(pk) if pk else None
    if sent is None:
        return redirect("site:phone")
    form = DigitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = signed_in(request)
        try:
            changed = change_phone(user=user, sent=sent, digits=form.cleaned_data["digits"], by=user)
        except Refused as refused:
            form.add_error("digits", str(refused))
        else:
            if changed:
                return _come_back(request)
            sent.refresh_from_db()
            form.add_error("digits", words_for_wrong(sent))
    return render(
        request, "site/users/phone_code.html", {"form": form, "sent": sent}, status=422 if form.errors else 200
    )


def _come_back(request: HttpRequest) -> HttpResponse:
    """A new session, as strong as the one before."""
    user, proofs = signed_in(request), request.session.get(PROOFS, [])
    user.refresh_from_db()
    enter(request, user, "code")
    request.session[PROOFS] = [*proofs, "code"]
    messages.success(request, _("换好了，以后用尾号 %(ending)s 的手机登录。") % {"ending": user.phone_ending})
    return SeeOther(reverse("site:my_sign_in"))


urlpatterns = [
    path("me/phone/", phone, name="phone"),
    path("me/phone/code/", phone_code, name="phone_code"),
]

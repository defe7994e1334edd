"""How I sign in: phone, password, second factor, accounts elsewhere, and in which browsers I am signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.site.users.entering import session_of, signed_in
from lianxin.users import queries, rules
from lianxin.users.actions.factors import make_recovery_codes, unbind_authenticator
from lianxin.users.actions.links import unlink
from lianxin.users.actions.passkeys import remove_passkey
from lianxin.users.actions.sessions import end_other_sessions, end_session
from lianxin.users.proofs import fresh
from lianxin.users.providers.registry import providers


@page(SIGNED_IN)
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """All of it on one page; what is dangerous asks for a proof first."""
    user = signed_in(request)
    linked = {link.provider for link in queries.links_of(user)}
    facts = {
        "sessions": queries.sessions_of(user),
        "present": session_of(request).key_hash.hex(),
        "authenticator": queries.authenticator_of(user),
        "passkeys": queries.passkeys_of(user),
        "codes": queries.recovery_codes_left(user),
        "has_password": user.has_usable_password(),
        "is_desk": user.has_perm(rules.AT_A_DESK),
        "providers": [(provider, provider.name in linked) for provider in providers().values()],
    }
    return render(request, "site/users/mine.html", facts)


@page(SIGNED_IN)
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """Sign out of one other browser."""
    user = signed_in(request)
    end_session(user=user, number=request.POST.get("number", ""), by=user)
    messages.success(request, _("已经退出那次登录。"))
    return SeeOther("site:my_sign_in")


@page(SIGNED_IN)
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out of every other browser."""
    ended = end_other_sessions(by=signed_in(request), keep=session_of(request).key_hash)
    messages.success(request, _("已经退出另外 %(count)d 次登录。") % {"count": ended})
    return SeeOther("site:my_sign_in")


@page(SIGNED_IN)
@require_POST
@fresh
def passkey_remove(request: HttpRequest) -> HttpResponse:
    """Forget one passkey."""
    user, number = signed_in(request), request.POST.get("number", "")
    if number.isdecimal():
        remove_passkey(user=user, number=int(number), by=user)
    messages.success(request, _("这个通行密钥不能再登录了。"))
    return SeeOther("site:my_sign_in")


@page(SIGNED_IN)
@require_POST
@fresh
def authenticator_remove(request: HttpRequest) -> HttpResponse:
    """Forget the authenticator."""
    user = signed_in(request)
    unbind_authenticator(user=user, by=user)
    messages.success(request, _("验证器已经解除。"))
    return SeeOther("site:my_sign_in")


@page(SIGNED_IN)
@require_POST
@fresh
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once; the old ones are void."""
    user = signed_in(request)
    codes = [rules.grouped(code) for code in make_recovery_codes(user=user, by=user)]
    return render(request, "site/users/codes.html", {"codes": codes, "onwards": ""})


@page(SIGNED_IN)
@require_POST
@fresh
def link_remove(request: HttpRequest) -> HttpResponse:
    """An account elsewhere no longer signs in."""
    user = signed_in(request)
    unlink(user=user, provider=request.POST.get("provider", ""), by=user)
    messages.success(request, _("已经解除绑定。"))
    return SeeOther("site:my_sign_in")


urlpatterns = [
    path("me/sign-in/", my_sign_in, name="my_sign_in"),
    path("me/sign-in/end/", session_end, name="session_end"),
    path("me/sign-in/end-others/", sessions_end, name="sessions_end"),
    path("me/sign-in/passkey/remove/", passkey_remove, name="passkey_remove"),
    path("me/sign-in/authenticator/remove/", authenticator_remove, name="authenticator_remove"),
    path("me/sign-in/codes/", recovery_codes, name="recovery_codes"),
    path("me/sign-in/unlink/", link_remove, name="link_remove"),
]

"""Signing in with an account elsewhere: there and back again, and linked only to who has proven himself (rule A9)."""

import logging
import secrets

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from lianxin.base.access import EVERYBODY, page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.site.users.entering import PENDING, enter, signed_in
from lianxin.users.actions.links import link_identity, try_identity
from lianxin.users.proofs import is_fresh
from lianxin.users.providers.identity import Errand, Identity, NotProven, Provider
from lianxin.users.providers.registry import providers

ERRAND = "errand"

logger = logging.getLogger(__name__)


@page(EVERYBODY)
def elsewhere(request: HttpRequest, name: str) -> HttpResponse:
    """Off to the provider's page, with a state that only this browser holds."""
    provider = _provider(name)
    errand = Errand(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        back=request.build_absolute_uri(reverse("site:back", args=[name])),
    )
    try:
        away = provider.address(errand)
    except Exception as error:
        logger.warning("the provider %s cannot be reached: %s", name, type(error).__name__)
        raise Refused(_("现在连不上%(name)s，请换一种方式登录。") % {"name": provider.words}) from error
    request.session[ERRAND] = [name, errand.state, errand.nonce, errand.verifier, errand.back]
    return HttpResponseRedirect(away)


@page(EVERYBODY)
def back(request: HttpRequest, name: str) -> HttpResponse:
    """Back from there: whose account it is, and whether somebody here has proven to be its owner."""
    provider = _provider(name)
    identity = _identity(request, provider)
    if request.user.is_authenticated:
        return _link(request, provider, identity)
    user = try_identity(identity=identity, trusts_phone=settings.TRUST_PROVIDERS_PHONE)
    if user:
        return enter(request, user, "provider")
    request.session[PENDING] = [identity.provider, identity.subject]
    messages.info(
        request,
        _("第一次用%(name)s登录，请先用手机验证码或登录条证明是您本人，之后就不用了。") % {"name": provider.words},
    )
    return SeeOther("site:sign_in")


def _identity(request: HttpRequest, provider: Provider) -> Identity:
    kept = request.session.pop(ERRAND, None)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    again = Refused(_("%(name)s登录没有成功，请再试一次，或者换一种方式。") % {"name": provider.words})
    if not kept or kept[0] != provider.name or not code or not constant_time_compare(state, kept[1]):
        raise again
    try:
        return provider.identity(Errand(*kept[1:]), code)
    except NotProven as reason:
        logger.warning("an answer of the provider %s does not hold: %s", provider.name, reason)
        raise again from reason


def _link(request: HttpRequest, provider: Provider, identity: Identity) -> HttpResponse:
    """Somebody who is in and has proven himself lately links his account."""
    if not is_fresh(request):
        raise Refused(_("绑定之前请先重新登录一次，证明是您本人。"))
    user = signed_in(request)
    link_identity(user=user, identity=identity, by=user)
    messages.success(request, _("绑定好了，以后可以用%(name)s登录。") % {"name": provider.words})
    return SeeOther("site:my_sign_in")


def _provider(name: str) -> Provider:
    found = providers().get(name)
    if found is None:
        raise Http404
    return found


urlpatterns = [
    path("sign-in/with/<str:name>/", elsewhere, name="elsewhere"),
    path("sign-in/with/<str:name>/back/", back, name="back"),
]

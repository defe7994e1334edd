"""The challenges that browsers sign with passkeys: each stands in its session and is good for one answer."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lianxin.base.sealed import keyed_hash
from lianxin.users.models import User
from lianxin.users.queries import Asked, passkeys_of

CHALLENGE = "passkey_challenge"


def authentication_options(request: HttpRequest, user: User | None = None) -> str:
    """What the browser needs to sign in by a passkey: any that it knows for this site, or this user's own."""
    options = generate_authentication_options(
        rp_id=_host(request),
        allow_credentials=_descriptors(user) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[CHALLENGE] = options.challenge.hex()
    return options_to_json(options)


def registration_options(request: HttpRequest, user: User) -> str:
    """What the browser needs to make a passkey for this user; the handle tells nothing about him."""
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name=_("连心"),
        user_id=keyed_hash(f"passkey {user.pk}"),
        user_name=user.display_name,
        exclude_credentials=_descriptors(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    request.session[CHALLENGE] = options.challenge.hex()
    return options_to_json(options)


def asked_before(request: HttpRequest) -> Asked | None:
    """The challenge that this browser was given last, which is thereby used up."""
    challenge = request.session.pop(CHALLENGE, None)
    if challenge is None:
        return None
    return Asked(bytes.fromhex(challenge), _host(request), f"{request.scheme}://{request.get_host()}")


def _host(request: HttpRequest) -> str:
    """The name alone: a passkey belongs to a name, whatever the port."""
    name, _colon, port = request.get_host().rpartition(":")
    return name if port.isdecimal() and name else request.get_host()


def _descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(key.credential)) for key in passkeys_of(user)]

"""Passkeys (WebAuthn): two factors in one touch, and nothing to type (rule A4)."""

from django.utils.translation import gettext as _
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException

from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.actions.coming_in import come_in, forget_failures
from lianxin.users.models import Authenticator, Passkey, User
from lianxin.users.queries import Asked

MOST = 10


@action
def add_passkey(*, user: User, answer: str, asked: Asked, name: str, by: User) -> Passkey:
    """Keep the public half of a key that the user's device has just made; the device must have asked for its owner."""
    lock(User, user.pk)
    if Passkey.objects.filter(user=user).count() >= MOST:
        raise Refused(_("通行密钥最多 10 个，请先删掉不用的。"))
    try:
        made = verify_registration_response(
            credential=parse_registration_credential_json(answer),
            expected_challenge=asked.challenge,
            expected_rp_id=asked.host,
            expected_origin=asked.origin,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise Refused(_("没有添加成功，请再试一次。")) from error
    if Passkey.objects.filter(credential=made.credential_id).exists():
        raise Refused(_("这个通行密钥已经添加过了。"))
    kept = Passkey.objects.create(
        user=user,
        name=name[:40],
        credential=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        made_at=now(),
    )
    note("users.passkey_added", user, by=by, passkey=kept.pk)
    return kept


@action
def try_passkey(*, answer: str, asked: Asked, only: User | None = None) -> User:
    """Let in the owner of the key that signed the challenge; `only` when somebody who is in proves himself again.

    A counter that goes back means that the key was copied: refused, and noted.
    """
    try:
        credential = parse_authentication_credential_json(answer)
        key = Passkey.objects.select_for_update().filter(credential=credential.raw_id).first()
        if key is None or (only is not None and key.user_id != only.pk):
            raise Refused(_("这个通行密钥没有登记在这里，请换一种方式登录。"))
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=asked.challenge,
            expected_rp_id=asked.host,
            expected_origin=asked.origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise Refused(_("没有验证成功，请再试一次，或者换一种方式登录。")) from error
    key.sign_count, key.used_at = used.new_sign_count, now()
    key.save(update_fields=["sign_count", "used_at"])
    user = lock(User, key.user_id)
    forget_failures(user)
    if only is not None:
        note("users.proved", user, by=user, way="passkey")
        return user
    return come_in(user, way="passkey")


@action
def remove_passkey(*, user: User, number: int, by: User) -> None:
    """The key no longer opens anything; at a desk only while another second factor remains."""
    user = lock(User, user.pk)
    others = Passkey.objects.filter(user=user).exclude(pk=number).exists()
    is_bound = Authenticator.objects.filter(user=user).exclude(confirmed_at=None).exists()
    if user.has_perm(rules.AT_A_DESK) and not (others or is_bound):
        raise Refused(_("工作账号要有第二验证。请先绑定验证器，或者添加别的通行密钥。"))
    removed, _rows = Passkey.objects.filter(user=user, pk=number).delete()
    if removed:
        note("users.passkey_removed", user, by=by, passkey=number)

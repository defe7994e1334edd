"""Accounts elsewhere that sign in here (rule A9)."""

from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.actions.coming_in import come_in
from lianxin.users.models import Link, User
from lianxin.users.providers.identity import Identity


@action
def try_identity(*, identity: Identity, trusts_phone: bool) -> User | None:
    """Let in the user to whom this account elsewhere is linked; None when nobody has proven to be its owner yet.

    A phone that the provider vouches for joins by itself only where the installation says that it trusts it.
    """
    link = Link.objects.filter(provider=identity.provider, subject_hash=_hash_of(identity)).first()
    if link is not None:
        return come_in(lock(User, link.user_id), way=identity.provider)
    user = User.objects.get_by_phone(rules.mobile(identity.phone)) if trusts_phone and identity.phone else None
    if user is None:
        return None
    link_identity(user=user, identity=identity, by=user)
    return come_in(lock(User, user.pk), way=identity.provider)


@action
def link_identity(*, user: User, identity: Identity, by: User) -> Link:
    """From now on this account elsewhere signs in as the user, who has just proven himself in another way."""
    lock(User, user.pk)
    link = Link.objects.filter(user=user, provider=identity.provider, subject_hash=_hash_of(identity)).first()
    if link is None:
        link = Link.objects.create(
            user=user, provider=identity.provider, subject_hash=_hash_of(identity), made_at=now()
        )
        note("users.linked", user, by=by, provider=identity.provider)
    return link


@action
def unlink(*, user: User, provider: str, by: User) -> None:
    """The account elsewhere no longer signs in."""
    removed, _rows = Link.objects.filter(user=user, provider=provider).delete()
    if removed:
        note("users.unlinked", user, by=by, provider=provider)


def _hash_of(identity: Identity) -> bytes:
    return keyed_hash(f"link {identity.provider} {identity.subject}")

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import auth
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base.clock import now
from lianxin.base.sealed import EndingOfField, HashOfField, SealedField, keyed_hash

TRIES = 5
CODE_LIVES = timedelta(minutes=5)


class Users(BaseUserManager["User"]):
    """Users are found by phone; the phone itself cannot be read back by a query."""

    def make(self, phone: str) -> "User":
        """A new user who signs in by `phone` (eleven digits)."""
        user = self.model(phone=phone, display_name=_ending(phone[-4:]))
        user.set_unusable_password()
        user.save()
        return user

    def get_by_phone(self, phone: str) -> "User | None":
        """The user who signs in by `phone`, or None."""
        return self.filter(phone_hash=keyed_hash(phone)).first()


class User(AbstractBaseUser):
    """A way to sign in, by one phone. Names, roles and addresses belong to the person, who may have no user.

    `display_name` is what the journal calls this actor: the phone's ending until a person claims the user.
    Nobody has a password yet: it stays unusable until staff get their second factor.
    """

    phone = SealedField()
    phone_hash = HashOfField("phone")
    phone_ending = EndingOfField("phone")
    display_name = models.CharField(max_length=50)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    # Django asks every user model for a unique field; nothing here is signed in by name.
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Users()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"],
                name="one_user_per_phone",
                violation_error_message=gettext_lazy("这个手机号已经有账号了，请直接登录。"),
            )
        ]

    def __str__(self) -> str:
        return _ending(self.phone_ending)

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Whether some role of this user allows `permission`, anywhere or under the tree path `obj`."""
        return self.is_active and any(backend.has_perm(self, permission, obj) for backend in auth.get_backends())


class SignInCode(models.Model):
    """One code sent to one phone, to be typed back in the browser that asked for it.

    The same row is made for a phone with a user and one without, so that the answer does not tell them apart.
    """

    phone = SealedField()
    phone_hash = HashOfField("phone")
    phone_ending = EndingOfField("phone")
    code_hash = models.BinaryField(max_length=32)
    address_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"], condition=Q(ended_at__isnull=True), name="one_live_code_per_phone"
            ),
            models.CheckConstraint(condition=Q(tries__lte=TRIES), name="tries_within_the_limit"),
        ]
        indexes = [
            models.Index(fields=["phone_hash", "made_at"], name="codes_of_a_phone"),
            models.Index(fields=["address_hash", "made_at"], name="codes_of_an_address"),
            models.Index(fields=["made_at"], name="codes_by_age"),
        ]

    def __str__(self) -> str:
        return _ending(self.phone_ending)

    @property
    def tries_left(self) -> int:
        """How many wrong codes may still be typed."""
        return TRIES - self.tries

    @property
    def is_live(self) -> bool:
        """Whether the right code would still let somebody in."""
        return self.ended_at is None and now() < self.made_at + CODE_LIVES


class Session(models.Model):
    """One browser that is in, or half-way in. Written by `sessions.py`; its key is known to the browser alone."""

    key_hash = models.BinaryField(max_length=32, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    kept = SealedField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sessions_by_end")]


def _ending(digits: str) -> str:
    return _("尾号 %(digits)s") % {"digits": digits}

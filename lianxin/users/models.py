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
    Whoever works at a desk has a password and a second factor (rule A1); others may have one.
    """

    class Off(models.TextChoices):
        """Why an account is switched off."""

        BY_HAND = "by_hand", gettext_lazy("管理员停用")
        IDLE = "idle", gettext_lazy("长期未用，自动停用")

    phone = SealedField()
    phone_hash = HashOfField("phone")
    phone_ending = EndingOfField("phone")
    display_name = models.CharField(max_length=50)
    is_active = models.BooleanField(default=True)
    off_because = models.CharField(max_length=10, choices=Off, blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    last_in_at = models.DateTimeField(null=True)
    password_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

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

    @property
    def is_locked(self) -> bool:
        """Whether passwords and second factors are refused for now (rule A3)."""
        return self.locked_until is not None and now() < self.locked_until

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
    device = models.CharField(max_length=40, blank=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sessions_by_end")]

    @property
    def number(self) -> str:
        """What a page calls it: a hash, from which the key cannot be found."""
        return bytes(self.key_hash).hex()


class FormerPassword(models.Model):
    """The hash of a password that this user has had, the present one included (rule A2)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()


class Authenticator(models.Model):
    """The app that shows a new code every half minute (TOTP). `last_step` makes each code work once (rule A4)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="authenticator")
    secret = SealedField()
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """One of the codes on paper that stand in for a lost second factor, once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="one_recovery_code_once")]


class Passkey(models.Model):
    """A key that a phone, a computer or a stick keeps; what we hold of it opens nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=40)
    credential = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Slip(models.Model):
    """A sign-in slip on paper: lets one person in once within a day, without any SMS (rule A6)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="slips")
    code_hash = models.BinaryField(max_length=32, unique=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at__isnull=True), name="one_live_slip_per_user")
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_live(self) -> bool:
        """Whether it still lets somebody in."""
        return self.ended_at is None and now() < self.expires_at


class Link(models.Model):
    """An account elsewhere (a city's own sign-in, WeChat, DingTalk) that signs in as this user (rule A9)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    provider = models.CharField(max_length=20)
    subject_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject_hash"],
                name="one_user_per_account_elsewhere",
                violation_error_message=gettext_lazy("这个外部账号已经绑定了别人。如果是您本人的，请联系管理员。"),
            ),
            models.UniqueConstraint(
                fields=["user", "provider"],
                name="one_account_of_a_provider",
                violation_error_message=gettext_lazy("您已经绑定过一个这样的账号，请先解除再绑定。"),
            ),
        ]

    def __str__(self) -> str:
        return self.provider


class Policy(models.Model):
    """The numbers of signing in that an installation sets for itself; one row (rules A2, A3, A5 and A8)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    password_length = models.PositiveSmallIntegerField(gettext_lazy("密码至少几位"), default=10)
    password_days = models.PositiveSmallIntegerField(gettext_lazy("密码用满几天要换（0 为不用换）"), default=0)
    lock_minutes = models.PositiveSmallIntegerField(gettext_lazy("连错 5 次锁几分钟"), default=15)
    desk_idle_minutes = models.PositiveSmallIntegerField(gettext_lazy("工作人员几分钟不操作就退出"), default=30)
    admin_idle_minutes = models.PositiveSmallIntegerField(gettext_lazy("三员几分钟不操作就退出"), default=15)
    account_idle_days = models.PositiveSmallIntegerField(gettext_lazy("工作账号几天没登录就停用"), default=90)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_policy"),
            models.CheckConstraint(
                condition=Q(password_length__range=(8, 64)),
                name="passwords_of_eight_or_more",
                violation_error_message=gettext_lazy("密码长度请定在 8 到 64 位之间。"),
            ),
            models.CheckConstraint(
                condition=Q(password_days=0) | Q(password_days__range=(7, 365)),
                name="passwords_last_a_week_or_more",
                violation_error_message=gettext_lazy("换密码的天数请填 0，或者 7 到 365。"),
            ),
            models.CheckConstraint(
                condition=Q(lock_minutes__range=(5, 1440)),
                name="locked_five_minutes_or_more",
                violation_error_message=gettext_lazy("锁定时间请定在 5 到 1440 分钟之间。"),
            ),
            models.CheckConstraint(
                condition=Q(desk_idle_minutes__range=(5, 120), admin_idle_minutes__range=(5, 60)),
                name="idle_for_an_hour_or_two_at_most",
                violation_error_message=gettext_lazy("不操作退出：工作人员 5 到 120 分钟，三员 5 到 60 分钟。"),
            ),
            models.CheckConstraint(
                condition=Q(account_idle_days__range=(30, 365)),
                name="idle_accounts_within_a_year",
                violation_error_message=gettext_lazy("停用前的天数请定在 30 到 365 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return _("登录规则")


def _ending(digits: str) -> str:
    return _("尾号 %(digits)s") % {"digits": digits}

import django.db.models.deletion
import django.db.models.functions.datetime
import lianxin.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("users", "0001_tables"), ("users", "0002_passwords_and_second_factors")]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("phone", lianxin.base.sealed.SealedField()),
                ("phone_hash", lianxin.base.sealed.HashOfField("phone")),
                ("phone_ending", lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4)),
                ("display_name", models.CharField(max_length=50)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "off_because",
                    models.CharField(
                        blank=True, choices=[("by_hand", "管理员停用"), ("idle", "长期未用，自动停用")], max_length=10
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("last_in_at", models.DateTimeField(null=True)),
                ("password_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("phone_hash",),
                        name="one_user_per_phone",
                        violation_error_message="这个手机号已经有账号了，请直接登录。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", lianxin.base.sealed.SealedField()),
                ("last_step", models.BigIntegerField(default=0)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authenticator",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128)),
                ("set_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("credential", models.BinaryField(max_length=1023, unique=True)),
                ("public_key", models.BinaryField()),
                ("sign_count", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("password_length", models.PositiveSmallIntegerField(default=10, verbose_name="密码至少几位")),
                (
                    "password_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="密码用满几天要换（0 为不用换）"),
                ),
                ("lock_minutes", models.PositiveSmallIntegerField(default=15, verbose_name="连错 5 次锁几分钟")),
                (
                    "desk_idle_minutes",
                    models.PositiveSmallIntegerField(default=30, verbose_name="工作人员几分钟不操作就退出"),
                ),
                (
                    "admin_idle_minutes",
                    models.PositiveSmallIntegerField(default=15, verbose_name="三员几分钟不操作就退出"),
                ),
                (
                    "account_idle_days",
                    models.PositiveSmallIntegerField(default=90, verbose_name="工作账号几天没登录就停用"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_policy"),
                    models.CheckConstraint(
                        condition=models.Q(("password_length__range", (8, 64))),
                        name="passwords_of_eight_or_more",
                        violation_error_message="密码长度请定在 8 到 64 位之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("password_days", 0), ("password_days__range", (7, 365)), _connector="OR"),
                        name="passwords_last_a_week_or_more",
                        violation_error_message="换密码的天数请填 0，或者 7 到 365。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lock_minutes__range", (5, 1440))),
                        name="locked_five_minutes_or_more",
                        violation_error_message="锁定时间请定在 5 到 1440 分钟之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("admin_idle_minutes__range", (5, 60)), ("desk_idle_minutes__range", (5, 120))
                        ),
                        name="idle_for_an_hour_or_two_at_most",
                        violation_error_message="不操作退出：工作人员 5 到 120 分钟，三员 5 到 60 分钟。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account_idle_days__range", (30, 365))),
                        name="idle_accounts_within_a_year",
                        violation_error_message="停用前的天数请定在 30 到 365 之间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", lianxin.base.sealed.SealedField()),
                ("phone_hash", lianxin.base.sealed.HashOfField("phone")),
                ("phone_ending", lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4)),
                ("code_hash", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["made_at"], name="codes_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("phone_hash",),
                        name="one_live_code_per_phone",
                    ),
                    models.CheckConstraint(condition=models.Q(("tries__lte", 5)), name="tries_within_the_limit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20)),
                ("subject_hash", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "subject_hash"),
                        name="one_user_per_account_elsewhere",
                        violation_error_message="这个外部账号已经绑定了别人。如果是您本人的，请联系管理员。",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "provider"),
                        name="one_account_of_a_provider",
                        violation_error_message="您已经绑定过一个这样的账号，请先解除再绑定。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.BinaryField(max_length=32)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "code_hash"), name="one_recovery_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("key_hash", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("kept", lianxin.base.sealed.SealedField()),
                ("device", models.CharField(blank=True, max_length=40)),
                ("began_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="sessions_by_end")],
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.BinaryField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slips", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("user",), name="one_live_slip_per_user"
                    )
                ],
            },
        ),
    ]

import django.db.models.deletion
import django.db.models.functions.datetime
import lianxin.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("phone", lianxin.base.sealed.SealedField(null=False)),
                ("phone_hash", lianxin.base.sealed.HashOfField("phone", null=False)),
                (
                    "phone_ending",
                    lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4, null=False),
                ),
                ("display_name", models.CharField(max_length=50)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
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
            name="SignInCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("phone", lianxin.base.sealed.SealedField(null=False)),
                ("phone_hash", lianxin.base.sealed.HashOfField("phone", null=False)),
                (
                    "phone_ending",
                    lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4, null=False),
                ),
                ("code_hash", models.BinaryField(max_length=32)),
                ("address_hash", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["phone_hash", "made_at"], name="codes_of_a_phone"),
                    models.Index(fields=["address_hash", "made_at"], name="codes_of_an_address"),
                    models.Index(fields=["made_at"], name="codes_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("phone_hash",),
                        name="one_live_code_per_phone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 5)),
                        name="tries_within_the_limit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "key_hash",
                    models.BinaryField(max_length=32, primary_key=True, serialize=False),
                ),
                ("kept", lianxin.base.sealed.SealedField(null=False)),
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
    ]

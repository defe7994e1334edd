import django.db.models.deletion
import django.db.models.functions.datetime
import lianxin.base.paths
import lianxin.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("notices", "0001_tables"), ("notices", "0002_count_tries_of_an_sms")]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_name", models.CharField(max_length=50)),
                ("scope", lianxin.base.paths.PathField()),
                ("due_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "已告知本人"),
                            ("family", "已告知家人"),
                            ("given_up", "三次没打通，转上门"),
                        ],
                        max_length=10,
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("done_at", None)), fields=["due_at", "id"], name="open_call_cards")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True), models.Q(("done_at", None), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="call_card_done_with_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CallTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "打通了，本人接的"),
                            ("family", "打通了，家人接的"),
                            ("no_answer", "没人接"),
                            ("wrong_number", "号码不对"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="notices.callcard"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                ("person_id", models.BigIntegerField()),
                (
                    "way",
                    models.CharField(
                        choices=[("in_app", "站内消息"), ("sms", "短信"), ("call", "电话")], max_length=10
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notices_of_a_user"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["user"], name="unread_notices"),
                    models.Index(fields=["person_id", "-id"], name="notices_of_a_person"),
                ],
            },
        ),
        migrations.AddField(
            model_name="callcard",
            name="notice",
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="notices.notice"),
        ),
        migrations.CreateModel(
            name="Sms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", lianxin.base.sealed.SealedField()),
                ("phone_ending", lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4)),
                ("text", lianxin.base.sealed.SealedField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待发送"), ("sent", "已发送"), ("failed", "发送失败")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "notice",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to="notices.notice"),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="sms_waiting")],
            },
        ),
    ]

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import lianxin.base.paths
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("hours", "0001_tables"), ("hours", "0002_settled_and_disputed")]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("people", "0001_schema"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=60)),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("minutes", models.PositiveIntegerField()),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("A", "签到签退吻合"),
                            ("B", "经他人确认"),
                            ("C", "事后补录，有凭据"),
                            ("D", "外部导入"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("claimed", "待确认"),
                            ("confirmed", "已确认"),
                            ("contested", "时间有冲突"),
                            ("void", "已作废"),
                        ],
                        default="claimed",
                        max_length=10,
                    ),
                ),
                ("about_type", models.CharField(max_length=60)),
                ("about_id", models.BigIntegerField()),
                ("team_path", lianxin.base.paths.PathField()),
                ("place_path", lianxin.base.paths.PathField()),
                ("confirmed_how", models.CharField(blank=True, max_length=20)),
                ("claimed_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="为什么改")),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "confirmer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="hours.record",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="service_records", to="people.person"
                    ),
                ),
                (
                    "recorder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="records_of_a_person"),
                    models.Index(condition=models.Q(("state", "contested")), fields=["id"], name="contested_records"),
                    django.contrib.postgres.indexes.GistIndex(fields=["team_path"], name="records_by_team"),
                    django.contrib.postgres.indexes.GistIndex(fields=["place_path"], name="records_by_place"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "confirmed")),
                        expressions=[("person", "="), ("during", "&&")],
                        name="no_two_services_at_once",
                        violation_error_message="这段时间已经有确认过的服务时间。",
                    ),
                    models.UniqueConstraint(
                        fields=("about_type", "about_id", "person", "version"),
                        name="one_record_per_service_and_version",
                    ),
                    models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="service_lasts_a_minute"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="confirmed_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmer", None),
                            ("recorder", None),
                            models.Q(("confirmer", models.F("recorder")), _negated=True),
                            _connector="OR",
                        ),
                        name="recorded_and_confirmed_by_two",
                        violation_error_message="记录时间的人不能自己确认，请由服务对象或另一个人确认。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("reason", models.CharField(max_length=200, verbose_name="哪里不对")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待答复"), ("corrected", "已更正"), ("kept", "维持原记录")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="hours.record"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="open_disputes")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("record",),
                        name="one_open_dispute_per_record",
                        violation_error_message="这条时间您已经提过异议，正在等答复。",
                    )
                ],
            },
        ),
    ]

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import lianxin.base.paths
import lianxin.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("organisations", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("born_on", models.DateField(null=True, verbose_name="出生日期")),
                ("id_number", lianxin.base.sealed.SealedField(null=True)),
                ("id_hash", lianxin.base.sealed.HashOfField("id_number", null=True)),
                ("id_ending", lianxin.base.sealed.EndingOfField("id_number", editable=False, max_length=4, null=True)),
                ("phone", lianxin.base.sealed.SealedField(null=True)),
                ("phone_hash", lianxin.base.sealed.HashOfField("phone", null=True)),
                ("phone_ending", lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4, null=True)),
                ("address", lianxin.base.sealed.SealedField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                (
                    "contact_by",
                    models.CharField(
                        choices=[
                            ("call", "打电话"),
                            ("sms", "短信"),
                            ("app", "网上消息"),
                            ("visit", "上门"),
                            ("family", "通过家人"),
                        ],
                        default="app",
                        max_length=10,
                        verbose_name="联系方式",
                    ),
                ),
                ("call_number", models.CharField(blank=True, max_length=5, verbose_name="电话点单号码")),
                ("helped_how", models.CharField(blank=True, max_length=60, verbose_name="上门注意")),
                ("is_imported", models.BooleanField(default=False)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residents",
                        to="organisations.node",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Helper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("relation", models.CharField(max_length=10, verbose_name="关系")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("order", "代为点单"), ("follow", "查看进度")], max_length=10
                        ),
                        size=None,
                    ),
                ),
                (
                    "given_how",
                    models.CharField(
                        choices=[("call", "社区打电话问过本人"), ("visit", "社区上门问过本人"), ("paper", "本人签字")],
                        max_length=10,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helps", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helpers", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=12, unique=True)),
                ("text", models.TextField(max_length=1000, verbose_name="内容")),
                ("page", models.CharField(blank=True, max_length=200)),
                ("contact", lianxin.base.sealed.SealedField(null=True)),
                ("scope", lianxin.base.paths.PathField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "已收到"), ("answered", "已答复")], default="received", max_length=10
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="答复")),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
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
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="complaints",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "received")), fields=["due_at", "id"], name="open_complaints"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["phone_hash"], name="people_by_phone"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="people_by_search"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("id_hash",),
                name="one_person_per_id_number",
                violation_error_message="这个证件号码已经登记过。如果是您本人，请到社区认领。",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("call_number", ""), _negated=True),
                fields=("call_number",),
                name="one_person_per_call_number",
                violation_error_message="这个号码刚给了别人，请再试一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="helper",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("helper")), _negated=True),
                name="nobody_helps_himself",
                violation_error_message="不能把本人登记为自己的家人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="helper",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("person", "="), ("helper", "="), ("during", "&&")],
                name="one_helper_once",
                violation_error_message="这位家人已经登记过。",
            ),
        ),
    ]

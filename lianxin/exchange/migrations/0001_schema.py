import django.contrib.postgres.fields
import django.db.models.deletion
import lianxin.base.paths
import lianxin.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("exchange", "0001_tables")]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("organisations", "0001_schema"),
        ("people", "0001_schema"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=120)),
                ("file", lianxin.base.sealed.SealedFileField(null=True)),
                ("file_hash", models.BinaryField(max_length=32)),
                ("scope", lianxin.base.paths.PathField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "正在打开"),
                            ("to_map", "要对一下列"),
                            ("checking", "正在检查"),
                            ("checked", "检查好了"),
                            ("accepting", "正在写入"),
                            ("accepted", "已导入"),
                            ("dropped", "没有导入"),
                            ("failed", "读不了"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("sheets", models.JSONField(default=list)),
                ("sheet", models.PositiveSmallIntegerField(default=0)),
                ("head_row", models.PositiveIntegerField(default=1)),
                (
                    "headings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("mapping", models.JSONField(default=dict)),
                ("done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-id"], name="rosters_by_age"),
                    models.Index(fields=["file_hash"], name="rosters_of_a_file"),
                    models.Index(
                        condition=models.Q(("file__isnull", False)), fields=["made_at"], name="roster_files_kept"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignedSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", lianxin.base.paths.PathField()),
                ("witness", models.CharField(max_length=50, verbose_name="见证人")),
                ("signed_on", models.DateField(verbose_name="签字日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("written", "等第二个人核对"), ("confirmed", "已核对"), ("void", "作废")],
                        default="written",
                        max_length=10,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_for_a_signed_sheet",
                        violation_error_message="登记和核对不能是同一个人，请另一位同事来核对。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OnRoll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                ("slip_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("slip_until", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "本人用手机确认"),
                            ("slip", "本人凭确认条确认"),
                            ("sheet", "本人签字，有见证人"),
                        ],
                        max_length=6,
                    ),
                ),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_roll", to="people.person"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_roll", to="organisations.node"
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_roll", to="exchange.roster"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_roll",
                        to="exchange.signedsheet",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at", None)), fields=["team", "id"], name="unconfirmed_of_a_team"
                    ),
                    models.Index(fields=["roster", "id"], name="on_roll_by_roster"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_how", "")),
                            models.Q(("confirmed_at__isnull", False), models.Q(("confirmed_how", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="confirmed_in_some_way",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", lianxin.base.paths.PathField()),
                ("name", models.CharField(max_length=40, verbose_name="来源")),
                ("mapping", models.JSONField(default=dict)),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("scope", "name"), name="one_source_per_name")],
            },
        ),
        migrations.AddField(
            model_name="roster",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rosters", to="exchange.source"
            ),
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listing", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=500)),
                ("with_sealed", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=100, verbose_name="用途")),
                ("scope", lianxin.base.paths.PathField(null=True)),
                ("wanted_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("wanted", "正在准备"), ("ready", "可以下载"), ("failed", "没有做成")],
                        default="wanted",
                        max_length=8,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("file", lianxin.base.sealed.SealedFileField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "wanted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["wanted_by", "-id"], name="exports_of_a_user"),
                    models.Index(
                        condition=models.Q(("file__isnull", False)), fields=["wanted_at"], name="export_files_kept"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "新增"),
                            ("changed", "资料有变"),
                            ("known", "已经有了"),
                            ("wrong", "要改"),
                            ("lost", "晚了一步"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60)),
                ("id_ending", models.CharField(blank=True, max_length=4)),
                ("team", models.CharField(blank=True, max_length=60)),
                ("problems", models.JSONField(default=list)),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="exchange.roster"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["roster", "outcome", "number"], name="lines_by_outcome")],
                "constraints": [models.UniqueConstraint(fields=("roster", "number"), name="one_line_per_number")],
            },
        ),
    ]

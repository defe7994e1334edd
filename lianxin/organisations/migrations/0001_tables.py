import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import lianxin.base.paths
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Node",
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
                (
                    "tree",
                    models.CharField(
                        choices=[
                            ("party", "组织"),
                            ("service", "服务队"),
                            ("place", "地方"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("committee", "党委"),
                            ("general_branch", "党总支"),
                            ("branch", "党支部"),
                            ("unit", "单位"),
                            ("corps", "总队"),
                            ("detachment", "支队"),
                            ("team", "分队"),
                            ("professional", "专业队"),
                            ("city", "市"),
                            ("county", "区县"),
                            ("street", "街道"),
                            ("community", "社区"),
                            ("grid", "网格"),
                            ("station", "服务站"),
                            ("base", "服务基地"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("path", lianxin.base.paths.PathField()),
                (
                    "code",
                    models.CharField(blank=True, max_length=20, verbose_name="代码"),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=20, verbose_name="对外电话"),
                ),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("opened_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisations.node",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Parenthood",
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
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parenthoods",
                        to="organisations.node",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.node",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoleHeld",
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("resident", "居民"),
                            ("volunteer", "志愿者"),
                            ("captain", "队长"),
                            ("secretary", "支部书记"),
                            ("station_worker", "站点工作人员"),
                            ("call_operator", "热线接线员"),
                            ("dispatcher", "派单员"),
                            ("unit_officer", "单位联络员"),
                            ("city_officer", "市级管理员"),
                            ("system_administrator", "系统管理员"),
                            ("security_administrator", "安全管理员"),
                            ("auditor", "审计管理员"),
                        ],
                        max_length=24,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles_held",
                        to="organisations.node",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Serves",
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
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="served_by",
                        to="organisations.node",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serves",
                        to="organisations.node",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="node",
            index=django.contrib.postgres.indexes.GistIndex(fields=["path"], name="nodes_by_path"),
        ),
        migrations.AddIndex(
            model_name="node",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="nodes_by_search"),
        ),
        migrations.AddConstraint(
            model_name="node",
            constraint=models.UniqueConstraint(fields=("path",), name="one_node_per_path"),
        ),
        migrations.AddConstraint(
            model_name="node",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None)),
                fields=("parent", "name"),
                name="one_name_below_a_parent",
                violation_error_message="上级下面已经有同名的组织。",
            ),
        ),
        migrations.AddConstraint(
            model_name="parenthood",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("node", "="), ("during", "&&")],
                name="one_parent_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="roleheld",
            index=models.Index(fields=["user"], name="roles_of_a_user"),
        ),
        migrations.AddIndex(
            model_name="roleheld",
            index=models.Index(fields=["node", "role"], name="holders_on_a_node"),
        ),
        migrations.AddConstraint(
            model_name="roleheld",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("role", "="),
                    ("node", "="),
                    ("during", "&&"),
                ],
                name="holds_a_role_once",
                violation_error_message="这个人在这里已经有这个身份。",
            ),
        ),
        migrations.AddConstraint(
            model_name="serves",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("team", "="), ("place", "="), ("during", "&&")],
                name="serves_a_place_once",
                violation_error_message="这支队伍已经在服务这个地方。",
            ),
        ),
    ]

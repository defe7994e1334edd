import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import lianxin.base.paths
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("organisations", "0001_tables"),
        ("organisations", "0002_names_openings_and_stand_ins"),
        ("organisations", "0003_first_names"),
        ("organisations", "0004_name_places_as_people_do"),
        ("organisations", "0005_three_administrators"),
    ]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tree",
                    models.CharField(
                        choices=[("party", "组织"), ("service", "服务队"), ("place", "地方")], max_length=10
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
                            ("trade_union", "工会"),
                            ("womens_federation", "妇联"),
                            ("youth_league", "团委"),
                            ("social", "社会组织"),
                            ("alliance", "党建联盟"),
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
                            ("micro_station", "微驿站"),
                            ("practice", "新时代文明实践阵地"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("path", lianxin.base.paths.PathField()),
                ("code", models.CharField(blank=True, max_length=20, verbose_name="区划代码")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="对外电话")),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("opened_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="organisations.node",
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
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["path"], name="nodes_by_path"),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="nodes_by_search"),
                    django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="nodes_by_tag"),
                    models.Index(
                        condition=models.Q(("closed_on", None)), fields=["parent", "id"], name="open_children"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("path",), name="one_node_per_path"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("parent", "name"),
                        name="one_name_below_a_parent",
                        violation_error_message="上级下面已经有同名的组织。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None), models.Q(("credit_code", ""), _negated=True)),
                        fields=("credit_code",),
                        name="one_node_per_credit_code",
                        violation_error_message="这个统一社会信用代码已经登记在另一个组织。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Naming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="namings", to="organisations.node"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("node", "="), ("during", "&&")], name="one_name_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DivisionCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="区划代码")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("source", models.CharField(max_length=100, verbose_name="出处")),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="division_codes",
                        to="organisations.node",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("node", "="), ("during", "&&")],
                        name="one_division_code_at_a_time",
                        violation_error_message="这段时间已经有区划代码。请把生效日期改到原代码之后。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("people", "志愿者人数"),
                            ("hours", "服务时长"),
                            ("activities", "活动"),
                            ("incidents", "办成的事"),
                            ("honours", "荣誉"),
                        ],
                        max_length=12,
                        verbose_name="什么",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(verbose_name="数量")),
                ("unit", models.CharField(max_length=6, verbose_name="单位")),
                ("as_of", models.DateField(verbose_name="截至")),
                ("source", models.CharField(max_length=100, verbose_name="出处")),
                (
                    "state",
                    models.CharField(
                        choices=[("entered", "待复核"), ("approved", "已复核"), ("withdrawn", "已撤回")],
                        default="entered",
                        max_length=10,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="organisations.node"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "id"], name="openings_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("node", "what", "unit"),
                        name="one_opening_figure_each",
                        violation_error_message="这个组织的这一项已经登记过。要改，请先撤回原来的。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="opening_approved_by_another",
                        violation_error_message="自己登记的历史数据要由另一个人复核。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Parenthood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parenthoods", to="organisations.node"
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
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("node", "="), ("during", "&&")], name="one_parent_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=40, verbose_name="俗称")),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="organisations.node"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="place_aliases_by_search")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "words"),
                        name="one_alias_of_a_name_per_place",
                        violation_error_message="这个地方已经有这个俗称。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("reviewed_on", models.DateField(null=True)),
                (
                    "lent_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lent_to",
                        to="organisations.roleheld",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roles_held", to="organisations.node"
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
            options={
                "indexes": [
                    models.Index(fields=["user"], name="roles_of_a_user"),
                    models.Index(fields=["node", "role"], name="holders_on_a_node"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("role__in", ["system_administrator", "security_administrator", "auditor"])),
                        expressions=[("user", "="), ("role", "<>"), ("during", "&&")],
                        name="one_administrator_role_each",
                        violation_error_message="系统、安全、审计三员不能由同一个人担任，请另选一人。",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("user", "="), ("role", "="), ("node", "="), ("during", "&&")],
                        name="holds_a_role_once",
                        violation_error_message="这个人在这里已经有这个身份。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "state",
                    models.CharField(
                        choices=[("open", "待复核"), ("given", "已同意"), ("declined", "未同意")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["id"], name="open_role_proposals")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("user", "role", "node"),
                        name="one_open_proposal",
                        violation_error_message="这个身份已经提过，正等另一位管理员复核。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_decide",
                        violation_error_message="自己提的，要请另一位管理员复核。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Serves",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="served_by", to="organisations.node"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="serves", to="organisations.node"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("team", "="), ("place", "="), ("during", "&&")],
                        name="serves_a_place_once",
                        violation_error_message="这支队伍已经在服务这个地方。",
                    )
                ],
            },
        ),
    ]

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import lianxin.volunteers.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("volunteers", "0001_tables"),
        ("volunteers", "0002_standing_transfers_members_kit"),
        ("volunteers", "0003_first_teams_and_cards"),
        ("volunteers", "0004_one_card_per_code"),
        ("volunteers", "0005_guardians_and_consents_move_to_people"),
        ("volunteers", "0006_without_guardians_and_shown_names"),
    ]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("organisations", "0001_schema"),
        ("people", "0001_schema"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("name",),
                        name="one_open_skill_of_a_name",
                        violation_error_message="已经有这项技能。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Volunteer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=12, unique=True, verbose_name="志愿者编号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "待审核"),
                            ("asked_back", "待补充"),
                            ("active", "在册"),
                            ("suspended", "暂停"),
                            ("refused", "未通过"),
                            ("left", "已退出"),
                            ("restricted", "已封存"),
                        ],
                        default="applied",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("until", models.DateField(null=True, verbose_name="到哪一天")),
                ("free", models.BigIntegerField(default=0)),
                ("most_tasks_a_week", models.PositiveSmallIntegerField(default=3)),
                ("registered_at", models.DateTimeField()),
                ("agreed_to", models.CharField(blank=True, max_length=16)),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "card_code",
                    models.CharField(default=lianxin.volunteers.models.new_card_code, max_length=16, unique=True),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="volunteer", to="people.person"
                    ),
                ),
                ("skills", models.ManyToManyField(related_name="volunteers", to="volunteers.skill")),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="volunteers", to="organisations.node"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "active")), fields=["team", "id"], name="active_volunteers"
                    ),
                    models.Index(fields=["team", "state", "id"], name="volunteers_of_a_team"),
                    models.Index(fields=["state", "id"], name="volunteers_by_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "等待接收"),
                            ("accepted", "已接收"),
                            ("declined", "未接收"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("asked_at", models.DateTimeField()),
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
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "from_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="transfers", to="volunteers.volunteer"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")), fields=["to_team", "id"], name="open_transfers"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("volunteer",),
                        name="one_open_transfer",
                        violation_error_message="已经有一份转队申请在等对方队长答复。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stays", to="volunteers.volunteer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("volunteer", "="), ("during", "&&")], name="one_team_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Kit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("flag", "旗"), ("badge", "证件牌"), ("vest", "马甲"), ("cap", "帽子")],
                        max_length=6,
                        verbose_name="物品",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="编号或尺码")),
                ("issued_on", models.DateField()),
                ("returned_on", models.DateField(null=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "returned_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kit", to="volunteers.volunteer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("returned_on", None)),
                        fields=("volunteer", "kind"),
                        name="one_piece_of_a_kind",
                        violation_error_message="他手里已经有一件，请先登记归还。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="people.person"
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="volunteers.volunteer"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "volunteer"), name="one_block_per_pair")],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "state",
                    models.CharField(choices=[("held", "有效"), ("released", "已解除")], default="held", max_length=10),
                ),
                ("about_type", models.CharField(max_length=60)),
                ("about_id", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["about_type", "about_id"], name="commitments_about_a_row")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "held")),
                        expressions=[("person", "="), ("during", "&&")],
                        name="one_promise_at_a_time",
                        violation_error_message="这段时间已经答应了别的事，不能再接。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("full", "正式党员"), ("probationary", "预备党员"), ("member", "成员")], max_length=12
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("recorded_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                ("is_shown", models.BooleanField(default=False)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="organisations.node"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="people.person"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["node", "id"], name="members_of_a_node")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("kind__in", ["full", "probationary"])),
                        expressions=[("person", "="), ("during", "&&")],
                        name="one_branch_at_a_time",
                        violation_error_message="这个人已经登记在一个党支部。请先由原支部转出。",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), ("node", "="), ("during", "&&")],
                        name="belongs_to_a_node_once",
                        violation_error_message="这个人已经在名单里。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_shown", False), ("agreed_at__isnull", False), _connector="OR"),
                        name="shown_only_by_consent",
                        violation_error_message="要先确认身份，才能选择亮出来。",
                    ),
                ],
            },
        ),
    ]

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
    replaces = [
        ("needs", "0001_tables"),
        ("needs", "0002_items_in_order_and_closed_at_places"),
        ("needs", "0003_alarms"),
        ("needs", "0004_take_calls_at_the_desk"),
        ("needs", "0005_at_the_door"),
        ("needs", "0006_incidents_and_policies"),
        ("needs", "0007_dispatch_in_full"),
        ("needs", "0008_orders_by_the_time_they_were_placed"),
        ("needs", "0009_find_orders_and_calls"),
    ]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("organisations", "0001_schema"),
        ("people", "0001_schema"),
        ("volunteers", "0001_schema"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="什么事")),
                ("place_path", lianxin.base.paths.PathField()),
                ("script", models.CharField(max_length=200, verbose_name="照着说")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GistIndex(fields=["place_path"], name="events_by_place")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("place", "name"),
                        name="one_open_event_of_a_name",
                        violation_error_message="这里已经有同名的事件，请用那一个。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EventUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200, verbose_name="告诉大家")),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="needs.event"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", lianxin.base.paths.PathField()),
                ("words", lianxin.base.sealed.SealedField(null=True)),
                ("left_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "left_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_at", None)),
                        fields=("left_by",),
                        name="one_open_handover_per_user",
                        violation_error_message="您已经交过班了，等下一班的人接。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_by", None),
                            models.Q(("taken_by", models.F("left_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_relieves_himself",
                        violation_error_message="自己不能接自己的班。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HomeVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("card", models.BigIntegerField(unique=True)),
                ("place_path", lianxin.base.paths.PathField()),
                ("text", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("times", models.PositiveSmallIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("told", "当面告知了"),
                            ("family", "告诉了家人"),
                            ("moved", "已经搬走"),
                            ("hospital", "住院或外出"),
                        ],
                        max_length=10,
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["due_at", "id"], name="open_home_visits"
                    ),
                    django.contrib.postgres.indexes.GistIndex(fields=["place_path"], name="home_visits_by_place"),
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
                        name="home_visit_done_with_outcome",
                        violation_error_message="请选一个结果。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Knowledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=40, verbose_name="问什么")),
                ("answer", models.CharField(max_length=300, verbose_name="怎么答")),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="转哪个号码")),
                ("changed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="knowledge", to="organisations.node"
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["search"], name="knowledge_by_search")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("place", "words"),
                        name="one_answer_per_question",
                        violation_error_message="这里已经有同样的一条。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("secret_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="organisations.node"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MenuItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, verbose_name="项目")),
                ("words", models.CharField(max_length=80, verbose_name="说明")),
                ("icon", models.CharField(max_length=30)),
                ("script", models.CharField(blank=True, max_length=200, verbose_name="电话里要问的")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="大约需要（分钟）")),
                ("people", models.PositiveSmallIntegerField(default=1, verbose_name="需要几个人")),
                (
                    "materials",
                    models.CharField(
                        choices=[
                            ("none", "不用材料"),
                            ("own", "材料自备"),
                            ("community", "材料由社区出"),
                            ("team", "材料由志愿队出"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="材料",
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        choices=[("urgent", "急"), ("quick", "快"), ("plain", "平")],
                        default="plain",
                        max_length=10,
                        verbose_name="时限",
                    ),
                ),
                ("expect", models.CharField(blank=True, max_length=200, verbose_name="会怎么做")),
                ("from_age", models.PositiveSmallIntegerField(default=0, verbose_name="多少岁起可以点")),
                ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="排序")),
                ("is_low_risk", models.BooleanField(default=False, verbose_name="熟人免核实")),
                ("is_alone_at_first", models.BooleanField(default=False, verbose_name="第一次上门一人也行")),
                ("is_open", models.BooleanField(default=True, verbose_name="开放点单")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="menu", to="organisations.node"
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="menu",
                        to="volunteers.skill",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "name"),
                        name="one_item_of_a_name_per_place",
                        violation_error_message="这里已经有同名的服务项目。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (10, 720))),
                        name="item_of_ten_minutes_to_half_a_day",
                        violation_error_message="一次服务从十分钟到十二小时（720 分钟）。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("people__range", (1, 20))),
                        name="item_for_one_to_twenty",
                        violation_error_message="一次服务要一到二十个人。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MenuClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="closings", to="needs.menuitem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "place"),
                        name="item_closed_at_a_place_once",
                        violation_error_message="这个项目在这里已经停了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("web", "网上"), ("call", "电话"), ("visit", "走访")],
                        max_length=10,
                        verbose_name="点单方式",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "待核实"),
                            ("returned", "已退回"),
                            ("waiting", "待派单"),
                            ("offered", "已派单"),
                            ("accepted", "已接单"),
                            ("serving", "服务中"),
                            ("to_confirm", "待确认"),
                            ("done", "已完成"),
                            ("cancelled", "已取消"),
                            ("redirected", "已转办"),
                            ("settled", "转办已了结"),
                            ("paused", "已暂停"),
                        ],
                        default="checking",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        choices=[("urgent", "急"), ("quick", "快"), ("plain", "平")], max_length=10, verbose_name="时限"
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(verbose_name="需要几个人")),
                (
                    "two_because",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("first", "第一次上门"), ("minor", "服务未成年人"), ("night", "夜间")],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("fewer_because", models.CharField(blank=True, max_length=60, verbose_name="减人的原因")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="大约需要（分钟）")),
                ("window", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="希望的时间")),
                ("starts_at", models.DateTimeField(null=True, verbose_name="约定的时间")),
                ("details", lianxin.base.sealed.SealedField(null=True)),
                ("door_word", models.CharField(max_length=4, verbose_name="敲门暗语")),
                ("place_path", lianxin.base.paths.PathField()),
                ("team_path", lianxin.base.paths.PathField(null=True)),
                ("placed_at", models.DateTimeField()),
                ("promised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("urged", models.PositiveSmallIntegerField(default=0, verbose_name="催过几次")),
                ("urged_at", models.DateTimeField(null=True)),
                ("tier", models.PositiveSmallIntegerField(default=0)),
                ("rises_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=100, verbose_name="原因")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "asked",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "问本人"), (1, "打电话问"), (2, "请队长作证")], default=0
                    ),
                ),
                ("confirmed_how", models.CharField(blank=True, max_length=10)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("request_key", models.UUIDField(editable=False, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="needs.menuitem"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="organisations.node"
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="people.person"
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wished",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="volunteers.volunteer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["state", "due_at", "id"],
                        name="open_orders_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("rises_at__isnull", False)),
                        fields=["rises_at", "id"],
                        name="orders_by_rise",
                    ),
                    models.Index(fields=["state", "-placed_at", "-id"], name="orders_by_state"),
                    models.Index(fields=["clock", "-placed_at", "-id"], name="orders_by_clock"),
                    models.Index(
                        condition=models.Q(("tier__gt", 0)), fields=["-placed_at", "-id"], name="raised_orders"
                    ),
                    models.Index(fields=["resident", "-id"], name="orders_of_a_resident"),
                    models.Index(fields=["placed_by", "-id"], name="orders_placed_by_a_user"),
                    models.Index(fields=["-placed_at", "-id"], name="orders_by_time"),
                    django.contrib.postgres.indexes.GistIndex(fields=["place_path"], name="orders_by_place"),
                    django.contrib.postgres.indexes.GistIndex(fields=["team_path"], name="orders_by_team"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request_key",),
                        name="one_order_per_request",
                        violation_error_message="这一单已经下过了，请到「我的单」里看。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("people__range", (1, 20))),
                        name="order_for_one_to_twenty",
                        violation_error_message="一单可以要一到二十个人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (10, 720))),
                        name="order_of_ten_minutes_to_half_a_day",
                        violation_error_message="一单从十分钟到十二小时。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等待回应"),
                            ("accepted", "已接受"),
                            ("declined", "已婉拒"),
                            ("lapsed", "已过期"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("metres", models.PositiveIntegerField(null=True)),
                (
                    "offered_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.node",
                    ),
                ),
                (
                    "under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_on",
                        to="needs.offer",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="volunteers.volunteer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="needs.order"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("team__isnull", False)), fields=["team", "-id"], name="offers_to_a_team"
                    ),
                    models.Index(fields=["volunteer", "-id"], name="offers_to_a_volunteer"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["lapses_at", "id"], name="open_offers_by_lapse"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("team", None), ("volunteer__isnull", False)),
                            models.Q(("team__isnull", False), ("volunteer", None)),
                            _connector="OR",
                        ),
                        name="offer_to_a_volunteer_or_a_team",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "accepted"])),
                        fields=("order", "volunteer"),
                        name="one_standing_offer_per_volunteer",
                        violation_error_message="已经派给这位志愿者了。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("order", "team"),
                        name="one_standing_offer_per_team",
                        violation_error_message="已经问过这支队伍，正在等它回应。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=100, verbose_name="异议的理由")),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "等上级决定"), ("kept", "维持原派单"), ("moved", "改派")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=100, verbose_name="决定的理由")),
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "moved_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.node",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="needs.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("order",),
                        name="one_open_objection_per_order",
                        violation_error_message="这一单的异议已经提过，正在等上级决定。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place_path", lianxin.base.paths.PathField()),
                ("team_path", lianxin.base.paths.PathField()),
                ("at", models.DateTimeField()),
                ("where", models.CharField(max_length=60, verbose_name="在哪里")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("volunteer_hurt", "志愿者受伤或不舒服"),
                            ("resident_hurt", "居民受伤或不舒服"),
                            ("damage", "东西坏了"),
                            ("quarrel", "起了争执"),
                            ("danger", "火、气、电、水有危险"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="什么事",
                    ),
                ),
                ("done", models.CharField(max_length=200, verbose_name="做了什么")),
                ("handed_to", models.CharField(blank=True, max_length=60, verbose_name="交给了谁")),
                ("reference", models.CharField(blank=True, max_length=40, verbose_name="警情号或报案号")),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("ended", models.CharField(blank=True, max_length=200, verbose_name="怎么了结的")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incidents", to="needs.order"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["due_at", "id"], name="open_incidents"
                    ),
                    models.Index(fields=["order", "-id"], name="incidents_of_an_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", lianxin.base.sealed.SealedField(null=True)),
                ("number_ending", lianxin.base.sealed.EndingOfField("number", editable=False, max_length=4, null=True)),
                ("scope", lianxin.base.paths.PathField()),
                ("promised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="people.person",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="needs.handover",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="needs.order"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("kept_at", None)), fields=["due_at", "id"], name="open_call_backs"
                    ),
                    models.Index(
                        condition=models.Q(("kept_at", None)),
                        fields=["owner", "due_at"],
                        name="open_call_backs_of_a_user",
                    ),
                    django.contrib.postgres.indexes.GistIndex(fields=["scope"], name="call_backs_by_scope"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", lianxin.base.paths.PathField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("live", "接的电话"),
                            ("slip", "纸条补录"),
                            ("message", "留言"),
                            ("out", "打出的电话"),
                        ],
                        default="live",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("entered_at", models.DateTimeField()),
                ("number", lianxin.base.sealed.SealedField(null=True)),
                ("number_hash", lianxin.base.sealed.HashOfField("number", null=True)),
                ("number_ending", lianxin.base.sealed.EndingOfField("number", editable=False, max_length=4, null=True)),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[("self", "本人"), ("family", "家人"), ("neighbour", "邻居"), ("other", "其他人")],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("order", "点单"),
                            ("urging", "催单"),
                            ("question", "咨询"),
                            ("complaint", "投诉"),
                            ("thanks", "感谢"),
                            ("call_back", "回访"),
                            ("cancel", "取消"),
                            ("wrong", "误拨"),
                            ("silent", "无声"),
                            ("passed", "转出"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "当场办好"),
                            ("promised", "答应回电"),
                            ("passed", "转给别处"),
                            ("not_reached", "没打通"),
                        ],
                        max_length=12,
                    ),
                ),
                ("passed_to", models.CharField(blank=True, max_length=40)),
                ("words", lianxin.base.sealed.SealedField(null=True)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="people.person"
                    ),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="needs.callback",
                    ),
                ),
                (
                    "promise",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_in",
                        to="needs.callback",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="needs.event"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="needs.order"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["operator", "-id"], name="calls_of_an_operator"),
                    models.Index(fields=["person", "-id"], name="calls_of_a_person"),
                    models.Index(fields=["number_hash", "-id"], name="calls_from_a_number"),
                    models.Index(fields=["number_ending"], name="calls_by_ending"),
                    models.Index(fields=["kind", "-started_at", "-id"], name="calls_by_kind"),
                    models.Index(fields=["-started_at", "-id"], name="calls_by_time"),
                    django.contrib.postgres.indexes.GistIndex(fields=["scope"], name="calls_by_scope"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("operator",),
                        name="one_open_call_per_operator",
                        violation_error_message="您还有一个电话没有结束，请先结束那一个。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(models.Q(("kind", ""), _negated=True), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ended_call_says_what_it_was",
                        violation_error_message="还差一步：请选这个电话是什么事，再结束。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="call_ends_after_it_starts",
                        violation_error_message="来电时间不能晚于现在。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["order", "urging", "cancel"]), _negated=True),
                            ("order__isnull", False),
                            _connector="OR",
                        ),
                        name="call_about_an_order_names_it",
                        violation_error_message="请先选是哪一单。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "已接单"), ("released", "已退出")], default="held", max_length=10
                    ),
                ),
                ("accepted_at", models.DateTimeField()),
                (
                    "released_because",
                    models.CharField(
                        blank=True,
                        choices=[("not_come", "到时间没有来"), ("not_reached", "联系不上"), ("otherwise", "另有安排")],
                        max_length=12,
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="volunteers.volunteer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="needs.order"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["volunteer", "-id"], name="assignments_of_a_volunteer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "held")),
                        fields=("order", "volunteer"),
                        name="one_assignment_per_volunteer",
                        violation_error_message="您已经接了这一单。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("no_answer", "没人应门"), ("unreachable", "联系不上"), ("missed", "没人上门")],
                        max_length=12,
                        verbose_name="什么事",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ringing", "还没有结果"), ("ended", "有结果了")],
                        default="ringing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("place_path", lianxin.base.paths.PathField()),
                ("team_path", lianxin.base.paths.PathField(null=True)),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safe", "安全在家"),
                            ("out", "外出"),
                            ("hospital", "住院"),
                            ("police", "已报警"),
                            ("ambulance", "已叫 120"),
                            ("late", "迟到，已经上门"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="people.person"
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="needs.order"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "ringing")), fields=["due_at", "id"], name="ringing_alarms"
                    ),
                    models.Index(fields=["order", "-id"], name="alarms_about_an_order"),
                    models.Index(fields=["person", "-id"], name="alarms_about_a_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ringing")),
                        fields=("person", "kind", "order"),
                        name="one_alarm_rings_at_a_time",
                        nulls_distinct=False,
                        violation_error_message="已经有人报了，大家正在找。请刷新页面看最新情况。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", ""), ("state", "ringing")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", "ended"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="alarm_ends_with_an_outcome",
                        violation_error_message="请选一个结果。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=60, verbose_name="暂停的原因")),
                ("until", models.DateTimeField(verbose_name="暂停到")),
                ("left", models.DurationField()),
                ("promise_left", models.DurationField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="needs.order"
                    ),
                ),
                (
                    "resumed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("order",),
                        name="one_open_pause_per_order",
                        violation_error_message="这一单已经暂停了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("insurer", models.CharField(max_length=40, verbose_name="保险公司")),
                ("number", models.CharField(max_length=40, verbose_name="保单号")),
                ("phone", models.CharField(max_length=20, verbose_name="报案电话")),
                ("until", models.DateField(verbose_name="保到哪一天")),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="policy", to="organisations.node"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stars", models.PositiveSmallIntegerField(verbose_name="星级")),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="想说的话")),
                (
                    "how",
                    models.CharField(
                        choices=[("own", "自己评的"), ("call", "电话回访"), ("paper", "纸质单")],
                        default="own",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rating", to="needs.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stars__range", (1, 5))),
                        name="one_to_five_stars",
                        violation_error_message="请选一到五颗星。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place_path", lianxin.base.paths.PathField()),
                (
                    "state",
                    models.CharField(choices=[("open", "待跟进"), ("closed", "已跟进")], default="open", max_length=10),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("true", "属实"), ("partly", "部分属实"), ("false", "不属实")],
                        max_length=10,
                        verbose_name="查明",
                    ),
                ),
                ("done", models.CharField(blank=True, max_length=200, verbose_name="怎么办的")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
                (
                    "rating",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_up", to="needs.rating"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="open_follow_ups")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("state", "open")),
                            models.Q(
                                ("state", "closed"),
                                models.Q(("finding", ""), _negated=True),
                                models.Q(("done", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="follow_up_closed_with_a_finding",
                        violation_error_message="请选查明的结果，并写下怎么办的。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Redirect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("110", "110（报警）"),
                            ("119", "119（消防）"),
                            ("120", "120（急救）"),
                            ("122", "122（交通事故）"),
                            ("12345", "12345（政务热线）"),
                            ("petition", "信访"),
                            ("relief", "社会救助"),
                            ("doctor", "家庭医生"),
                            ("property", "物业"),
                            ("other", "其他单位"),
                        ],
                        max_length=10,
                        verbose_name="转给谁",
                    ),
                ),
                ("outside_number", models.CharField(blank=True, max_length=40, verbose_name="对方的单号")),
                ("words", models.CharField(max_length=60, verbose_name="原因")),
                ("made_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                (
                    "came",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("settled", "办好了"),
                            ("goes_on", "还在办，到时再问"),
                            ("back", "那边不办，由我们接着办"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=100, verbose_name="问到的结果")),
                (
                    "called_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redirects", to="needs.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("came__in", ["", "goes_on"])),
                        fields=("order",),
                        name="one_open_redirect_per_order",
                        violation_error_message="这一单已经转办，正在等对方的结果。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", lianxin.base.paths.PathField()),
                ("number", lianxin.base.sealed.SealedField(null=True)),
                ("number_hash", lianxin.base.sealed.HashOfField("number", null=True)),
                ("number_ending", lianxin.base.sealed.EndingOfField("number", editable=False, max_length=4, null=True)),
                ("rung_at", models.DateTimeField()),
                (
                    "call",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="ring", to="needs.call"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rings", to="needs.line"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("call", None)), fields=["rung_at", "id"], name="rings_not_taken")
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("started_at", models.DateTimeField()),
                (
                    "started_how",
                    models.CharField(
                        choices=[
                            ("own", "本人手机"),
                            ("captain", "队长记的"),
                            ("call", "电话里记的"),
                            ("slip", "纸质单补录"),
                        ],
                        default="own",
                        max_length=10,
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "finished_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "本人手机"),
                            ("captain", "队长记的"),
                            ("call", "电话里记的"),
                            ("slip", "纸质单补录"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=100, verbose_name="做得怎么样")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="needs.assignment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)),
                        fields=("assignment",),
                        name="one_open_visit_per_assignment",
                        violation_error_message="这次服务已经开始了。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("finished_at__gt", models.F("started_at")), _connector="OR"
                        ),
                        name="visit_ends_after_it_starts",
                        violation_error_message="结束时间要晚于开始时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DaySheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("pdf", lianxin.base.sealed.SealedField()),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.node"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "day"),
                        name="one_sheet_per_day",
                        violation_error_message="今天的上门单已经有了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="organisations.node"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("desk", "="), ("user", "="), ("during", "&&")],
                        name="on_duty_once",
                        violation_error_message="这个人这段时间已经排了值班。",
                    )
                ],
            },
        ),
    ]

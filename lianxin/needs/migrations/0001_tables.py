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
        ("people", "0001_tables"),
        ("volunteers", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MenuItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, verbose_name="项目")),
                ("words", models.CharField(max_length=80, verbose_name="说明")),
                ("icon", models.CharField(max_length=30)),
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
                ("is_low_risk", models.BooleanField(default=False, verbose_name="熟人免核实")),
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
                ("verified_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=100, verbose_name="原因")),
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
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
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
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stars", models.PositiveSmallIntegerField(verbose_name="星级")),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="想说的话")),
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
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=100, verbose_name="做得怎么样")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="needs.assignment"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="menuitem",
            constraint=models.UniqueConstraint(
                fields=("place", "name"),
                name="one_item_of_a_name_per_place",
                violation_error_message="这里已经有同名的服务项目。",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["state", "due_at", "id"],
                name="open_orders_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["resident", "-id"], name="orders_of_a_resident"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["placed_by", "-id"], name="orders_placed_by_a_user"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.GistIndex(fields=["place_path"], name="orders_by_place"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.GistIndex(fields=["team_path"], name="orders_by_team"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                fields=("request_key",),
                name="one_order_per_request",
                violation_error_message="这一单已经下过了，请到「我的单」里看。",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__range", (1, 20))),
                name="order_for_one_to_twenty",
                violation_error_message="一单可以要一到二十个人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (10, 720))),
                name="order_of_ten_minutes_to_half_a_day",
                violation_error_message="一单从十分钟到十二小时。",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["volunteer", "-id"], name="offers_to_a_volunteer"),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["lapses_at", "id"], name="open_offers_by_lapse"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team", None), ("volunteer__isnull", False)),
                    models.Q(("team__isnull", False), ("volunteer", None)),
                    _connector="OR",
                ),
                name="offer_to_a_volunteer_or_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "accepted"])),
                fields=("order", "volunteer"),
                name="one_standing_offer_per_volunteer",
                violation_error_message="已经派给这位志愿者了。",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["volunteer", "-id"], name="assignments_of_a_volunteer"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("order", "volunteer"),
                name="one_assignment_per_volunteer",
                violation_error_message="您已经接了这一单。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars__range", (1, 5))),
                name="one_to_five_stars",
                violation_error_message="请选一到五颗星。",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("assignment",),
                name="one_open_visit_per_assignment",
                violation_error_message="这次服务已经开始了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("finished_at", None), ("finished_at__gt", models.F("started_at")), _connector="OR"),
                name="visit_ends_after_it_starts",
                violation_error_message="结束时间要晚于开始时间。",
            ),
        ),
    ]

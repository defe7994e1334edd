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
        ("people", "0001_tables"),
        ("people", "0002_circumstances_contacts_and_applications"),
        ("people", "0003_found_by_phone_ending"),
        ("people", "0004_surnames_read_as_such"),
        ("people", "0005_consents_and_restriction"),
        ("people", "0006_seal_what_complaints_say"),
        ("people", "0007_complaints_without_clear_text"),
        ("people", "0008_find_who_has_not_confirmed"),
    ]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("organisations", "0001_schema"),
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
                ("restricted_at", models.DateTimeField(null=True)),
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
            options={
                "indexes": [
                    models.Index(fields=["phone_hash"], name="people_by_phone"),
                    models.Index(fields=["phone_ending", "id"], name="people_by_phone_ending"),
                    models.Index(
                        condition=models.Q(("claimed_at__isnull", True), ("is_imported", True)),
                        fields=["id"],
                        name="people_not_confirmed",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="people_by_search"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("id_hash",),
                        name="one_person_per_id_number",
                        violation_error_message="这个证件号码已经登记过。如果是您本人，请到社区认领。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("call_number", ""), _negated=True),
                        fields=("call_number",),
                        name="one_person_per_call_number",
                        violation_error_message="这个号码刚给了别人，请再试一次。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Circumstances",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="circumstances",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("languages", models.CharField(blank=True, max_length=40, verbose_name="说什么话")),
                (
                    "hearing",
                    models.CharField(
                        blank=True,
                        choices=[("hard", "耳背，请大声些"), ("deaf", "听不见，请写字")],
                        max_length=10,
                        verbose_name="听力",
                    ),
                ),
                (
                    "sight",
                    models.CharField(
                        blank=True,
                        choices=[("weak", "眼睛看不清"), ("blind", "看不见")],
                        max_length=10,
                        verbose_name="视力",
                    ),
                ),
                (
                    "mobility",
                    models.CharField(
                        blank=True,
                        choices=[("slow", "走路慢，开门请多等一会儿"), ("chair", "坐轮椅"), ("bed", "卧床")],
                        max_length=10,
                        verbose_name="行动",
                    ),
                ),
                ("pets", models.CharField(blank=True, max_length=30, verbose_name="家里的猫狗")),
                (
                    "wished",
                    models.CharField(
                        blank=True,
                        choices=[("woman", "希望是女同志"), ("man", "希望是男同志")],
                        max_length=10,
                        verbose_name="希望谁打电话、谁上门",
                    ),
                ),
                ("best_hours", models.CharField(blank=True, max_length=40, verbose_name="什么时候方便")),
                ("way_in", lianxin.base.sealed.SealedField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Barred",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
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
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="barred", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "other"),
                        name="barred_once",
                        violation_error_message="已经登记过：本人不要这位家人替他办事。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("claim", "认领资料"),
                            ("help", "帮家里人点单"),
                            ("correct", "更正资料"),
                            ("close", "停用账号"),
                        ],
                        max_length=10,
                        verbose_name="事项",
                    ),
                ),
                ("scope", lianxin.base.paths.PathField()),
                ("facts", lianxin.base.sealed.SealedField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "等社区核实"),
                            ("granted", "已办好"),
                            ("refused", "没有办成"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField()),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "received")), fields=["due_at", "id"], name="open_applications"
                    ),
                    models.Index(fields=["user", "-id"], name="applications_of_a_user"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "received")),
                        fields=("user", "kind"),
                        name="one_open_application_of_a_kind",
                        violation_error_message="您已经申请过，社区正在核实，请等一等或打社区电话问一问。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=12, unique=True)),
                ("text", lianxin.base.sealed.SealedField()),
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
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("health", "告诉上门的人听力、视力、行动"),
                            ("card_name", "核验电子证时显示姓名"),
                            ("member", "组织关系计入统计"),
                            ("member_shown", "亮身份"),
                            ("child", "为未满 14 周岁的孩子登记"),
                            ("minor_serves", "未成年人参加志愿服务"),
                        ],
                        max_length=12,
                        verbose_name="事项",
                    ),
                ),
                ("about", models.BigIntegerField(null=True)),
                ("version", models.CharField(max_length=16)),
                ("words", models.CharField(max_length=300, verbose_name="说明")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("own", "本人在网上"),
                            ("call", "打电话问过"),
                            ("visit", "当面问过"),
                            ("paper", "签了字"),
                        ],
                        max_length=10,
                        verbose_name="怎么问的",
                    ),
                ),
                ("given_by", models.CharField(blank=True, max_length=50, verbose_name="监护人")),
                ("witness", models.CharField(blank=True, max_length=50, verbose_name="见证人")),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_how",
                    models.CharField(
                        blank=True, choices=[("withdrawn", "已撤回"), ("renewed", "换了新说明")], max_length=10
                    ),
                ),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="people.person"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-id"], name="consents_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "purpose", "about"),
                        name="one_standing_consent_per_purpose",
                        nulls_distinct=False,
                        violation_error_message="已经记下同意了，不用再记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("how", "paper"), _negated=True),
                            models.Q(("witness", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="paper_consent_has_a_witness",
                        violation_error_message="签字同意的，请写见证人的姓名。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="先后")),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("relation", models.CharField(max_length=10, verbose_name="关系")),
                ("phone", lianxin.base.sealed.SealedField()),
                ("phone_hash", lianxin.base.sealed.HashOfField("phone")),
                ("phone_ending", lianxin.base.sealed.EndingOfField("phone", editable=False, max_length=4)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emergency_contacts",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["phone_hash"], name="emergency_contacts_by_phone")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "rank"),
                        name="one_emergency_contact_per_rank",
                        violation_error_message="紧急联系人的先后重复了，请刷新页面再改。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank__range", (0, 2))),
                        name="two_emergency_contacts_at_most",
                        violation_error_message="紧急联系人最多登记两位。",
                    ),
                ],
            },
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
                            choices=[
                                ("order", "代为点单"),
                                ("follow", "查看进度"),
                                ("visits", "看探访平安"),
                                ("notices", "收通知"),
                            ],
                            max_length=10,
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
                ("words", models.CharField(blank=True, max_length=300, verbose_name="念给本人听的话")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
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
                (
                    "recorded_by",
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
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("helper")), _negated=True),
                        name="nobody_helps_himself",
                        violation_error_message="不能把本人登记为自己的家人。",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), ("helper", "="), ("during", "&&")],
                        name="one_helper_once",
                        violation_error_message="这位家人已经登记过。",
                    ),
                ],
            },
        ),
    ]

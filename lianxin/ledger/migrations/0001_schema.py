import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("ledger", "0001_tables")]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("holder_type", models.CharField(blank=True, max_length=60)),
                ("holder_id", models.BigIntegerField(default=0)),
                (
                    "unit",
                    models.CharField(choices=[("minutes", "分钟"), ("fen", "分"), ("pieces", "件")], max_length=10),
                ),
                ("may_owe", models.BooleanField(default=False)),
                ("balance", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "holder_type", "holder_id", "unit"), name="one_account_per_holder"
                    ),
                    models.UniqueConstraint(fields=("id", "unit"), name="account_with_its_unit"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("balance__isnull", True), ("may_owe", True)),
                            models.Q(("balance__gte", 0), ("may_owe", False)),
                            _connector="OR",
                        ),
                        name="balance_never_below_zero",
                        violation_error_message="余额不够，没有动账。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                (
                    "unit",
                    models.CharField(choices=[("minutes", "分钟"), ("fen", "分"), ("pieces", "件")], max_length=10),
                ),
                ("amount", models.BigIntegerField()),
                ("reason", models.CharField(max_length=40)),
                ("about_type", models.CharField(max_length=60)),
                ("about_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.transfer",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outgoing",
                        to="ledger.account",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source", "id"], name="transfers_out_of_an_account"),
                    models.Index(fields=["target", "id"], name="transfers_into_an_account"),
                    models.Index(fields=["about_type", "about_id"], name="transfers_about_a_row"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key",),
                        name="one_transfer_per_key",
                        violation_error_message="这笔账已经记过，内容不同，没有重复记账。",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="amount_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="between_two_accounts"
                    ),
                ],
            },
        ),
    ]

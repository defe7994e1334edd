import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0001_extensions"),
        ("organisations", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Volunteer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=12, unique=True, verbose_name="志愿者编号")),
                (
                    "state",
                    models.CharField(
                        choices=[("applied", "待审核"), ("active", "在册"), ("suspended", "暂停"), ("left", "已退出")],
                        default="applied",
                        max_length=10,
                    ),
                ),
                ("free", models.BigIntegerField(default=0)),
                ("most_tasks_a_week", models.PositiveSmallIntegerField(default=3)),
                ("registered_at", models.DateTimeField()),
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
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(
                condition=models.Q(("state", "active")), fields=["team", "id"], name="active_volunteers"
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(fields=("person", "volunteer"), name="one_block_per_pair"),
        ),
    ]

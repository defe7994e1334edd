import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("base", "0002_tables"),
        ("base", "0003_freezing_and_upkeep"),
        ("base", "0004_what_is_limited_is_counted"),
        ("base", "0005_say_what_is_being_made"),
    ]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("is_workday", models.BooleanField()),
                ("name", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("city", models.CharField(max_length=40, verbose_name="城市")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示")),
                ("key_fingerprint", models.CharField(max_length=16)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("frozen_at", models.DateTimeField(null=True)),
                ("being_made", models.CharField(blank=True, max_length=80, verbose_name="还在准备")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_installation")],
            },
        ),
        migrations.CreateModel(
            name="Upkeep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("backup", "备份"),
                            ("restore_test", "恢复演练"),
                            ("restore", "恢复"),
                            ("retention", "到期清理"),
                            ("resealed", "换密钥重新加密"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "-id"], name="upkeep_by_kind")],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key_hash", "-at"], name="uses_of_a_key"),
                    models.Index(fields=["at"], name="uses_by_age"),
                ],
            },
        ),
    ]

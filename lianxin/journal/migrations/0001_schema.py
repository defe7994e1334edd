import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import lianxin.base.paths
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("journal", "0001_tables"),
        ("journal", "0003_find_by_real_time"),
        ("journal", "0004_find_by_moment_and_looks"),
    ]

    initial = True

    dependencies = [
        ("base", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=60)),
                ("for_person_id", models.BigIntegerField(null=True)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("subject_name", models.CharField(max_length=120)),
                ("scope", lianxin.base.paths.PathField(null=True)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "id"], name="entries_of_a_subject"),
                    models.Index(fields=["actor_id", "id"], name="entries_of_an_actor"),
                    models.Index(fields=["at"], name="entries_by_moment"),
                    models.Index(
                        condition=models.Q(("name", "people.looked")), fields=["for_person_id", "-id"], name="looks"
                    ),
                    django.contrib.postgres.indexes.GistIndex(fields=["scope"], name="entries_under_a_scope"),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["written_at"], name="entries_by_real_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entries", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "sealed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sealing",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="journal.entry",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="seal",
            name="previous",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to="journal.seal"),
        ),
        migrations.AddField(
            model_name="sealing",
            name="seal",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="journal.seal"),
        ),
    ]

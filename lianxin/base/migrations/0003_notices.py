import django.db.models.deletion
from django.db import migrations, models

# Until now each day named its source. What has been loaded so far was one notice a year.
BY_YEAR = """
    INSERT INTO base_holidaynotice (year, source, loaded_at)
    SELECT extract(year FROM day), max(source), now() FROM base_calendarday GROUP BY 1;
    UPDATE base_calendarday SET notice_id = made.id
    FROM base_holidaynotice made WHERE made.year = extract(year FROM day);
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0002_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="HolidayNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True)),
                ("source", models.CharField(max_length=200)),
                ("loaded_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="calendarday",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="base.holidaynotice",
            ),
        ),
        migrations.RunSQL(BY_YEAR, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="calendarday",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="base.holidaynotice",
            ),
        ),
        migrations.RemoveField(
            model_name="calendarday",
            name="source",
        ),
    ]

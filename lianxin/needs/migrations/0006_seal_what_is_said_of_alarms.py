from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import lianxin.base.sealed


def seal(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What stood in the clear goes into the sealed column."""
    Alarm = apps.get_model("needs", "Alarm")
    for alarm in Alarm.objects.exclude(in_the_clear="").iterator():
        alarm.words = alarm.in_the_clear
        alarm.save(update_fields=["words"])
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def open_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The way back."""
    Alarm = apps.get_model("needs", "Alarm")
    for alarm in Alarm.objects.exclude(words=None).iterator():
        alarm.in_the_clear = alarm.words.open()
        alarm.save(update_fields=["in_the_clear"])
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0005_calls_that_reschedule"),
    ]

    operations = [
        migrations.RenameField("alarm", "words", "in_the_clear"),
        migrations.AddField("alarm", "words", lianxin.base.sealed.SealedField(null=True)),
        migrations.AlterField("alarm", "in_the_clear", models.CharField(max_length=200, blank=True, default="")),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField("alarm", "in_the_clear"),
    ]

import lianxin.base.sealed
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0006_seal_what_complaints_say")]
    operations = [
        migrations.RemoveField("complaint", "clear_text"),
        migrations.AlterField("complaint", "text", lianxin.base.sealed.SealedField()),
    ]

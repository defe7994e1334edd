import lianxin.base.sealed
from django.db import migrations


def seal(apps, schema_editor):
    complaints = apps.get_model("people", "Complaint")
    for each in complaints.objects.filter(text=None).order_by("pk").iterator(chunk_size=500):
        each.text = each.clear_text
        each.save(update_fields=["text"])


class Migration(migrations.Migration):
    dependencies = [("people", "0005_consents_and_restriction")]
    operations = [
        migrations.RenameField("complaint", "text", "clear_text"),
        migrations.AddField("complaint", "text", lianxin.base.sealed.SealedField(null=True)),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]

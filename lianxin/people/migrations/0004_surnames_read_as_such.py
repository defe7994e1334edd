from django.db import migrations

A_BATCH = 2000


def search_again(apps, schema_editor):
    """People are found by the initials of the surname as it is read in a name: 单 Shan, 曾 Zeng."""
    from lianxin.base import search

    people = apps.get_model("people", "Person")
    batch = []
    for person in people.objects.only("name").order_by("pk").iterator(chunk_size=A_BATCH):
        person.search = search.grams(person.name)
        batch.append(person)
        if len(batch) == A_BATCH:
            people.objects.bulk_update(batch, ["search"])
            batch.clear()
    people.objects.bulk_update(batch, ["search"])


class Migration(migrations.Migration):
    dependencies = [("people", "0003_found_by_phone_ending")]
    operations = [migrations.RunPython(search_again, migrations.RunPython.noop)]

from django.db import migrations

NAMES = """
    INSERT INTO organisations_naming (node_id, name, during)
    SELECT id, name, daterange(coalesce(opened_on, current_date), NULL) FROM organisations_node
"""


def search_again(apps, schema_editor):
    """Names are found by both readings of a surname now."""
    from lianxin.base import search

    nodes = apps.get_model("organisations", "Node")
    for node in nodes.objects.only("name").iterator(chunk_size=2000):
        nodes.objects.filter(pk=node.pk).update(search=search.grams(node.name))


class Migration(migrations.Migration):
    """Every node's name from its first day on."""

    dependencies = [("organisations", "0002_names_openings_and_stand_ins")]
    operations = [
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunPython(search_again, migrations.RunPython.noop),
    ]

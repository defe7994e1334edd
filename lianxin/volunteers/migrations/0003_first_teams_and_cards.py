import secrets

from django.db import migrations

STAYS = """
    INSERT INTO volunteers_stay (volunteer_id, team_id, during)
    SELECT id, team_id, daterange(least(registered_at::date, current_date), NULL)
    FROM volunteers_volunteer WHERE state IN ('active', 'suspended')
"""


def draw_cards(apps, schema_editor):
    volunteers = apps.get_model("volunteers", "Volunteer")
    for volunteer in volunteers.objects.only("pk").order_by("pk").iterator(chunk_size=2000):
        volunteers.objects.filter(pk=volunteer.pk).update(card_code=secrets.token_urlsafe(12))


class Migration(migrations.Migration):
    """Who was there already has been in his team since he registered, and gets a card of his own."""

    dependencies = [("volunteers", "0002_standing_transfers_members_kit")]
    operations = [
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
        migrations.RunPython(draw_cards, migrations.RunPython.noop),
    ]

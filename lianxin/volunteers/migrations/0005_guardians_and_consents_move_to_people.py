from django.db import migrations

BEFORE = {"version": "before", "words": "登记时没有留下原话，要再问一次。"}
"""A yes from before wordings were kept counts as said to other words than those that hold now: it is asked anew."""


def carry(apps, schema_editor):
    volunteers, contacts, consents, memberships = (
        apps.get_model(*name)
        for name in (
            ("volunteers", "Volunteer"),
            ("people", "EmergencyContact"),
            ("people", "Consent"),
            ("volunteers", "Membership"),
        )
    )
    for each in volunteers.objects.exclude(guardian_name="").order_by("pk").iterator(chunk_size=2000):
        if each.guardian_phone:
            phone = each.guardian_phone.open()
            facts = {"name": each.guardian_name, "relation": "监护人", "phone": phone}
            contacts.objects.create(person_id=each.person_id, rank=0, **facts)
        if each.guardian_said:
            consents.objects.create(
                person_id=each.person_id,
                purpose="minor_serves",
                how=each.guardian_said,
                witness="（没有记下）" if each.guardian_said == "paper" else "",
                given_by=each.guardian_name,
                given_at=each.guardian_said_at,
                **BEFORE,
            )
    for each in volunteers.objects.filter(card_shows_name=True).order_by("pk").iterator(chunk_size=2000):
        facts = {"purpose": "card_name", "how": "own", "given_at": each.registered_at}
        consents.objects.create(person_id=each.person_id, **facts, **BEFORE)
    for each in memberships.objects.filter(agreed_at__isnull=False).order_by("pk").iterator(chunk_size=2000):
        for purpose in ("member", "member_shown") if each.is_shown else ("member",):
            facts = {"purpose": purpose, "about": each.pk, "how": "own", "given_at": each.agreed_at}
            consents.objects.create(person_id=each.person_id, **facts, **BEFORE)


class Migration(migrations.Migration):
    """Who answers for a minor, and who said yes to what, stands with the person from now on."""

    dependencies = [("volunteers", "0004_one_card_per_code"), ("people", "0005_consents_and_restriction")]
    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]

"""What the pages about people show of a row."""

from django.utils.translation import gettext_lazy as _

from lianxin.journal.models import Entry
from lianxin.people.models import Person
from lianxin.people.queries import emergency_contacts_of

FIELDS = {
    "phone": _("电话"),
    "address": _("住址"),
    "id_number": _("证件号码"),
    "contact": _("联系方式"),
    "way_in": _("怎么进门"),
    "contacts": _("紧急联系人的电话"),
    "emergency_contacts": _("紧急联系人的电话"),
    "guardian_phone": _("监护人的电话"),
    "application": _("申请的内容"),
    "complaint": _("意见的内容"),
}


def look_line(entry: Entry) -> dict[str, object]:
    """Who opened what, when, and about which row."""
    opened = "、".join(str(FIELDS[name]) for name in entry.facts.get("fields", []) if name in FIELDS)
    return {"who": entry.actor_name, "at": entry.at, "what": opened}


def contact_lines(person: Person) -> dict[str, str]:
    """Names and relations as they stand, for the form; numbers stay sealed and are typed again."""
    rows = emergency_contacts_of(person)
    return {f"{name}_{row.rank}": getattr(row, name) for row in rows for name in ("name", "relation")}

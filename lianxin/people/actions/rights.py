"""What a person may do with his own record: have a copy of it, and say how he wants to be told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.base.refused import Forbidden
from lianxin.journal.actions import note
from lianxin.people.models import Circumstances, Helper, Person
from lianxin.people.queries import consents_of, emergency_contacts_of, looks_at, person_of
from lianxin.users.models import User


@action
def copy_own_record(*, by: User) -> dict[str, Any]:
    """All that is written down of a person, opened for himself; that it was copied is noted (PIPL 45, rule P8)."""
    person = person_of(by)
    if person is None:
        raise Forbidden(_("请先登记您自己的姓名和社区。"))
    scope = person.home.path if person.home else None
    note("people.copied", person, by=by, scope=scope, for_person=person.pk)
    return {
        "made_at": clock.now().isoformat(),
        "person": _person(person),
        "circumstances": _circumstances(person),
        "emergency_contacts": [
            {"name": each.name, "relation": each.relation, "phone": each.phone.open()}
            for each in emergency_contacts_of(person)
        ],
        "helpers": _helpers(person),
        "consents": _consents(person),
        "looks": [
            {"at": entry.at.isoformat(), "who": entry.actor_name, "fields": entry.facts.get("fields", [])}
            for entry in looks_at(person)
        ],
    }


def _person(person: Person) -> dict[str, Any]:
    sealed = {name: getattr(person, name) for name in ("phone", "address", "id_number")}
    return {
        "name": person.name,
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "home": person.home.name if person.home else None,
        "contact_by": person.contact_by,
        "call_number": person.call_number,
        "helped_how": person.helped_how,
        "written_down_at": person.made_at.isoformat(),
    } | {name: value.open() if value else None for name, value in sealed.items()}


def _circumstances(person: Person) -> dict[str, Any] | None:
    row = Circumstances.objects.filter(person=person).first()
    if row is None:
        return None
    names = ("languages", "hearing", "sight", "mobility", "pets", "wished", "best_hours")
    return {name: getattr(row, name) for name in names} | {"way_in": row.way_in.open() if row.way_in else None}


def _consents(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "purpose": each.get_purpose_display(),
            "words": each.words,
            "version": each.version,
            "how": each.get_how_display(),
            "given_by": each.given_by,
            "witness": each.witness,
            "given_at": each.given_at.isoformat(),
            "ended_at": each.ended_at.isoformat() if each.ended_at else None,
        }
        for each in consents_of(person)
    ]


def _helpers(person: Person) -> list[dict[str, Any]]:
    given = Helper.objects.filter(person=person).select_related("helper").order_by("pk")
    return [
        {
            "name": each.helper.name,
            "relation": each.relation,
            "scopes": each.scopes,
            "last_day": each.last_day.isoformat() if each.last_day else None,
        }
        for each in given
    ]

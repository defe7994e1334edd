"""Every sealed field of every model, filled with words of its own, to see where they come out."""

import json
from base64 import b64encode
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from lianxin.base import clock
from lianxin.base.sealed import Sealed, SealedField
from lianxin.people.actions.circumstances import Contact, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.reaching import tell
from lianxin.people.actions.registering import register_person
from lianxin.people.models import Person
from lianxin.users.models import Authenticator, SignInCode, User

NOT_FILLED = {"users.Session.kept"}
"""What the browser's own session holds, read by the session store alone; it is looked for in the tables all the same."""

AS_JSON = {"people.Application.facts"}
AS_BASE64 = {"needs.DaySheet.pdf"}
SHORT = 8
"""Words shorter than this may stand in the clear by chance."""

TOLD_IN_APP = {"notices.Sms.text"}
"""What an SMS says is also said in-app, by the same words; neither holds anything private (rule N2)."""


def columns() -> Iterator[tuple[str, type[models.Model], str]]:
    """Each sealed column: its name in full, its model, its field."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField) and field.model is model:
                yield f"{model._meta.label}.{field.name}", model, field.name


def one_of_each(user: User, resident: Person) -> None:
    """Rows of those models that no page of the prepared city makes."""
    SignInCode.objects.create(phone="13811110001", code_hash=b"x" * 32, made_at=clock.now())
    by_sms = register_person(name="何以短", phone="13811110002", by=None)
    tell(person=by_sms, text="灯修好了。", key="sealed")
    contact = Contact("赵小军", "儿子", "13811110003")
    describe_circumstances(person=resident, way_in="钥匙在对门老孟家里", by=None)
    set_emergency_contacts(person=resident, contacts=[contact], by=None)
    Authenticator.objects.create(user=user, secret="JBSWY3DPEHPK3PXP", confirmed_at=clock.now())


def in_the_clear() -> list[str]:
    """The sealed columns of which some value stands readable in some table, as a backup would hold it."""
    kept = " ".join(_rows())
    return sorted({name for name, words in _values() if name not in TOLD_IN_APP and words in kept})


def _values() -> Iterator[tuple[str, str]]:
    for name, model, field in columns():
        for value in model._default_manager.exclude(**{field: None}).values_list(field, flat=True):
            words = value.open_bytes().decode(errors="ignore") if isinstance(value, Sealed) else ""
            if len(words) >= SHORT:
                yield name, words


def _rows() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT coalesce(string_agg(kept::text, chr(10)), %s) FROM "{table}" AS kept', [""])
            yield cursor.fetchone()[0]


def fill() -> dict[str, str]:
    """Put words of its own into every row of every sealed column; by column what was put there.

    A model without a row fails: let the preparation of the matrix make one.
    """
    filled = {}
    for number, (name, model, field) in enumerate(columns()):
        if name in NOT_FILLED:
            continue
        words = f"199{number:04}7777"
        rows = list(model._default_manager.order_by("pk"))
        assert rows, f"no row of {model.__name__} whose {field} could be looked for"
        facts: dict[str, object] = dict.fromkeys(("words", "name", "phone", "relation"), words) | {"scopes": []}
        for row in rows:
            setattr(row, field, _as_kept(name, words, facts))
            row.save(update_fields=[field])
        filled[name] = words
    return filled


def _as_kept(name: str, words: str, facts: dict[str, object]) -> str:
    """The words in the form in which this column's owner reads them."""
    if name in AS_BASE64:
        return b64encode(words.encode()).decode()
    return json.dumps(facts) if name in AS_JSON else words


def break_seal(user: User) -> None:
    """Turn a bit of a sealed value, so that whoever opens it meets a fault that nobody foresaw."""
    person = user.person
    raw = bytearray(bytes(person.phone))
    raw[-1] ^= 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone = %s WHERE id = %s", [bytes(raw), person.pk])

"""The privacy page says of everything sealed what it is for; open to everybody, linked from every page."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from lianxin.base.sealed import SealedField
from lianxin.people.models import Purpose as Asked
from lianxin.site.purposes import PURPOSES
from tests.site.browse import text

pytestmark = pytest.mark.django_db


def test_every_sealed_column_has_its_purpose_and_no_purpose_names_another() -> None:
    sealed = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, SealedField)
    }
    named = [column for purpose in PURPOSES for column in purpose.columns]
    assert set(named) == sealed
    assert len(named) == len(set(named))


def test_every_consent_stands_with_one_purpose() -> None:
    asked = [each for purpose in PURPOSES for each in purpose.asks]
    assert sorted(asked) == sorted(Asked)


def test_a_fact_that_a_purpose_names_is_kept() -> None:
    for label in (label for purpose in PURPOSES for label in purpose.facts):
        model, _dot, field = label.rpartition(".")
        assert apps.get_model(model)._meta.get_field(field).name == field


def test_everybody_reads_it_from_any_page() -> None:
    address = reverse("site:privacy")
    page = text(Client(), address)
    assert [str(each.what) for each in PURPOSES if str(each.what) not in page] == []
    assert address in text(Client(), reverse("site:home"))

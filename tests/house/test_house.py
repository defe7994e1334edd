"""The house stands as CONTRIBUTING.md says: floors, rules and documents agree with the code."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from django.apps import apps
from django.db import models

from lianxin.cli.main import COMMANDS, HIDDEN
from lianxin.organisations.models import Role
from lianxin.organisations.rules import permissions

HOUSE = Path(__file__).resolve().parents[2]
CODE = sorted(file for file in (HOUSE / "lianxin").rglob("*.py") if "migrations" not in file.parts)
OURS = [model for model in apps.get_models() if model.__module__.startswith("lianxin.")]
HAN = re.compile(r"[\u4e00-\u9fff]")


def text_of(*path: str) -> str:
    return HOUSE.joinpath(*path).read_text()


def floors() -> list[set[str]]:
    """From the top to the bottom, as the import contract lists them."""
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["id"] == "floors"]
    return [{name.strip() for name in layer.split("|")} for layer in layers]


def floor_of(model: type[models.Model]) -> int:
    app = model.__module__.split(".")[1]
    [number] = [number for number, names in enumerate(floors()) if app in names]
    return number


def foreign_keys() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    for model in OURS:
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.is_relation and isinstance(field.related_model, type):
                yield model, field.related_model


def test_every_package_stands_on_a_floor() -> None:
    packages = {folder.parent.name for folder in (HOUSE / "lianxin").glob("*/__init__.py")}
    assert packages == set().union(*floors())


def test_every_domain_app_has_its_rooms_held() -> None:
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    [rooms] = [contract["containers"] for contract in contracts if contract["id"] == "rooms"]
    domain = set().union(*floors()) - {"cli", "demo", "config", "site", "console", "api", "base"}
    assert {name.removeprefix("lianxin.") for name in rooms} == domain


def test_foreign_keys_point_down_or_stay_on_their_own_floor() -> None:
    up = [
        f"{model.__name__} -> {other.__name__}"
        for model, other in foreign_keys()
        if model._meta.app_label != other._meta.app_label and floor_of(model) >= floor_of(other)
    ]
    assert up == []


@pytest.mark.parametrize("app", ["journal", "ledger"])
def test_journal_and_ledger_point_at_nobody_else(app: str) -> None:
    outside = [str(other) for model, other in foreign_keys() if model._meta.app_label == app != other._meta.app_label]
    assert outside == []


def test_every_rule_cited_stands_in_the_rules() -> None:
    written = set(re.findall(r"\*\*([A-Z]\d+)\*\*", text_of("docs", "rules.md")))
    sources = [*CODE, *(HOUSE / "tests").rglob("*.py")]
    cited = {number: file.name for file in sources for number in cited_in(file.read_text())}
    assert {number: file for number, file in cited.items() if number not in written} == {}
    assert written


def cited_in(text: str) -> Iterator[str]:
    """The numbers in «rule D2», «rules O1 to O3», «(rule T1, T3)»."""
    for words in re.findall(r"\brules?\s+([A-Z]\d+(?:(?:,? (?:and|to) |, )[A-Z]\d+)*)", text):
        numbers = re.findall(r"[A-Z]\d+", words)
        yield from numbers
        if " to " in words:
            letter, first, last = numbers[0][0], int(numbers[0][1:]), int(numbers[-1][1:])
            yield from (f"{letter}{number}" for number in range(first, last + 1))


def test_every_permission_and_its_roles_stand_in_the_rules() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", text_of("docs", "rules.md"), re.MULTILINE)
    written = {name: {words.strip() for words in held.split(",")} for name, held in rows}
    granted = {
        name: {Role(role).name.lower().replace("_", " ") for role in roles} for name, roles in permissions().items()
    }
    assert written == granted


def test_every_variable_is_documented() -> None:
    read = {
        name
        for file in CODE
        for name in re.findall(r"(?:environ(?:\.get\(|\.setdefault\(|\[)|is_yes\()\s*\"([A-Z_]+)\"", file.read_text())
    }
    documented = set(re.findall(r"`([A-Z_]{4,})`", text_of("docs", "operate.md")))
    assert read - documented - {"DJANGO_SETTINGS_MODULE"} == set()
    assert read


@pytest.mark.parametrize("command", [*COMMANDS, *HIDDEN])
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"lianxin {command}\b", text_of("docs", "operate.md"))


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert {str(file) for file in CODE if len(file.read_text().splitlines()) > 400} == set()


def test_there_is_no_room_called_services_utils_or_signals() -> None:
    assert [str(file) for file in CODE if file.stem in {"services", "utils", "signals", "helpers"}] == []


def test_no_model_orders_its_rows_by_itself() -> None:
    assert [model.__name__ for model in OURS if model._meta.ordering] == []


STATEFUL = [model for model in OURS if hasattr(model, "MOVES")]


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model.__name__)
def test_moves_and_tones_name_the_models_own_states_only(model: type[models.Model]) -> None:
    field = cast("models.CharField[str, str]", model._meta.get_field("state"))
    states = set(dict(field.flatchoices))
    named = {*model.MOVES, *(to for targets in model.MOVES.values() for to in targets)}  # type: ignore[attr-defined]
    assert named <= states
    assert set(getattr(model, "TONES", states)) == states
    start = field.default
    reached, fresh = {start}, {start}
    while fresh:
        fresh = {to for state in fresh for to in model.MOVES.get(state, ())} - reached  # type: ignore[attr-defined]
        reached |= fresh
    assert reached == states, "a state that no way leads to"


def test_every_model_with_states_says_how_they_move() -> None:
    with_state = [model for model in OURS if any(field.name == "state" for field in model._meta.fields)]
    assert {model.__name__ for model in with_state} - {model.__name__ for model in STATEFUL} == {
        *MOVED_BY_ONE_STATEMENT,
        "Headcount",  # whose state is that of the volunteers whom it counts
    }


MOVED_BY_ONE_STATEMENT = {"Sms", "Commitment"}

ONLY_A_BUG_BREAKS = {
    "one_installation",
    "one_node_per_path",
    "one_parent_at_a_time",
    "one_name_at_a_time",
    "one_team_at_a_time",
    "account_with_its_unit",
    "one_account_per_holder",
    "heads_counted_once",
    "roll_counted_once",
    "amount_above_zero",
    "between_two_accounts",
    "one_live_code_per_phone",
    "tries_within_the_limit",
    "one_policy",
    "one_recovery_code_once",
    "one_live_slip_per_user",
    "call_card_done_with_outcome",
    "one_record_per_service_and_version",
    "service_lasts_a_minute",
    "confirmed_at_a_time",
    "offer_to_a_volunteer_or_a_team",
    "one_block_per_pair",
    "one_source_per_name",
    "one_line_per_number",
    "confirmed_in_some_way",
}
"""Constraints that actions already keep in words of their own, or that no input reaches."""


def test_every_constraint_that_people_can_break_says_so_in_chinese() -> None:
    silent = {
        str(constraint.name)
        for model in OURS
        for constraint in model._meta.constraints
        if constraint.violation_error_message == models.BaseConstraint.default_violation_error_message
        or not HAN.search(str(constraint.violation_error_message))
    }
    assert silent == ONLY_A_BUG_BREAKS


def test_every_row_that_the_journal_may_name_has_a_name() -> None:
    nameless = {model.__name__ for model in OURS if model.__str__ is models.Model.__str__}
    assert nameless == NEVER_A_SUBJECT


NEVER_A_SUBJECT = {
    "CalendarDay",
    "Headcount",
    "RollCount",
    "Use",
    "FormerPassword",
    "RecoveryCode",
    "Session",
    "Seal",
    "Sealing",
    "CallTry",
    "Parenthood",
    "Naming",
    "DivisionCode",
    "Stay",
    "Serves",
    "Helper",
    "Barred",
    "Consent",
    "MenuClosing",
    "Commitment",
    "Block",
    "Rating",
}


LOOKS_OF_AN_EXPORT = "note_looks"  # written while an export is made, which has asked before


def test_every_look_at_something_sealed_stops_on_the_day_of_a_leak() -> None:
    looks = [
        (function.name, ast.unparse(function))
        for file in CODE
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef) and "'people.looked'" in ast.unparse(function)
    ]
    noting = [(name, source) for name, source in looks if "note(" in source or "note_many(" in source]
    assert len(noting) > 5
    unasked = {name for name, source in noting if not ("require_not_frozen()" in source or "= look(" in source)}
    assert unasked == {LOOKS_OF_AN_EXPORT}

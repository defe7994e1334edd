"""compose.yaml and the samples of docs/samples ask only for what there is: commands, variables, addresses, files.

No container engine runs where the tests run; what can be held without one is held here.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client, override_settings
from django.urls import resolve
from psycopg.conninfo import conninfo_to_dict

from lianxin.cli.main import COMMANDS, HIDDEN
from lianxin.config import environment
from lianxin.config.health import healthz
from lianxin.config.supervisor import PATIENCE_WITH_DATABASE, PATIENCE_WITH_PARTS

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "docs" / "samples"
OPERATE = (ROOT / "docs" / "operate.md").read_text()
DOCUMENTED = set(re.findall(r"`([A-Z_]{4,})`", OPERATE))
COMMAND = re.compile(r"\.venv/bin/lianxin\"?,? \"?([a-z-]+)")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def seconds(words: str) -> float:
    return float(words.removesuffix("s"))


def test_the_container_starts_a_command_that_there_is(compose: dict[str, Any]) -> None:
    recipe = compose["services"]["lianxin"]["build"]["dockerfile_inline"]
    assert COMMAND.findall(recipe) == ["up"] and set(COMMAND.findall(recipe)) <= set(COMMANDS)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "lianxin" in project["scripts"]
    [uv], [python] = re.findall(r"uv==([\d.]+)", recipe), re.findall(r"FROM python:3\.(\d+)", recipe)
    assert f"UV_VERSION := {uv}\n" in (ROOT / "Makefile").read_text()
    assert int(python) >= int(project["requires-python"].removeprefix(">=3."))


def test_what_is_built_from_is_not_left_out(compose: dict[str, Any]) -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split())
    needed = {"lianxin", "pyproject.toml", "uv.lock", "README.md", "LICENSE", "manage.py"}
    assert needed & ignored == set() and ".venv" in ignored
    assert all((ROOT / name).exists() for name in needed)


def test_every_variable_is_one_that_is_read_and_described(compose: dict[str, Any]) -> None:
    said = set(compose["services"]["lianxin"]["environment"])
    assert said - DOCUMENTED == set()
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert asked - DOCUMENTED - {"DATABASE_PASSWORD"} == set() and "DATABASE_PASSWORD" in OPERATE
    sample = re.findall(r"^#?([A-Z_]+)=", (SAMPLES / "lianxin.env").read_text(), re.M)
    assert set(sample) - DOCUMENTED == set()


def test_the_database_is_reached_under_its_name_when_it_is_well(compose: dict[str, Any]) -> None:
    database, product = compose["services"]["database"], compose["services"]["lianxin"]
    found = conninfo_to_dict(product["environment"]["DATABASE_URL"].replace("${DATABASE_PASSWORD}", "secret"))
    assert found == {"user": "lianxin", "password": "secret", "host": "database", "dbname": "lianxin"}
    assert database["environment"]["POSTGRES_USER"] == found["user"]
    assert product["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert 15 <= int(database["image"].removeprefix("postgres:")) <= 18


@pytest.mark.django_db
def test_its_health_is_asked_at_the_address_that_says_it(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    product = compose["services"]["lianxin"]
    [(host, port, path)] = re.findall(r"http://([\d.]+):(\d+)(/\w+)", product["healthcheck"]["test"][-1])
    assert resolve(path).func is healthz
    monkeypatch.setenv("LIANXIN_HOSTNAMES", "lianxin.example.gov.cn")
    with override_settings(ALLOWED_HOSTS=environment.answered_names()):
        assert Client().get(path, headers={"host": f"{host}:{port}"}).json()["database"] == "ok"
        assert Client().get(path, headers={"host": "elsewhere.example"}).status_code == 400
    assert product["ports"] == [f"127.0.0.1:${{PORT:-{port}}}:{port}"]
    assert "PORT" not in product["environment"], "inside it listens on the usual port"


def test_what_must_stay_lies_on_volumes(compose: dict[str, Any]) -> None:
    mounted = {each.partition(":")[0] for service in compose["services"].values() for each in service["volumes"]}
    assert mounted == set(compose["volumes"])
    product = compose["services"]["lianxin"]
    assert product["volumes"] == [f"lianxin:{product['environment']['LIANXIN_VAR']}"]


def test_whoever_stops_it_waits_long_enough(compose: dict[str, Any]) -> None:
    assert seconds(compose["services"]["lianxin"]["stop_grace_period"]) > PATIENCE_WITH_PARTS
    [given] = re.findall(r"^TimeoutStopSec=(\d+)", (SAMPLES / "lianxin.service").read_text(), re.M)
    assert int(given) > PATIENCE_WITH_PARTS + PATIENCE_WITH_DATABASE


@pytest.mark.parametrize("sample", sorted(each.name for each in SAMPLES.iterdir()))
def test_a_sample_is_named_in_the_guide_and_runs_commands_that_there_are(sample: str) -> None:
    text = (SAMPLES / sample).read_text()
    assert sample in OPERATE or f"`{Path(sample).suffix}`" in OPERATE
    assert set(re.findall(r"bin/lianxin ([a-z-]+)", text)) <= {*COMMANDS, *HIDDEN}
    for address in re.findall(r"http://127\.0\.0\.1:8000(/\w+)", text):
        resolve(address)

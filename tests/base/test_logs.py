"""The log names requests and users by number, and never says what was typed, even when everything breaks."""

import json
import logging
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from lianxin.base.access import EVERYBODY, page
from lianxin.base.logs import REDACTED, AsJson, DailyFiles, redacted
from lianxin.config import urls
from lianxin.users.models import User
from tests import make

pytestmark = pytest.mark.django_db

PHONE, ID_NUMBER, NAME, ADDRESS = "13812345678", "510104198001011234", "王秀英", "幸福路 8 号 3 单元 201"
PRIVATE = [PHONE, ID_NUMBER, NAME, ADDRESS, "幸福路", "wang@example.cn"]


@page(may=EVERYBODY)
def breaks(request: HttpRequest) -> HttpResponse:
    """Fails as a careless view might: with the typed values in the log, in the exception, and from the database."""
    typed = request.POST.dict()
    logging.getLogger("lianxin.careless").warning("cannot keep %s", typed)
    logging.getLogger("lianxin.careless").error(f"cannot keep {typed['phone']} of {typed['name']}")
    User.objects.make(PHONE)
    try:
        User.objects.make(PHONE)
    finally:
        raise ValueError(f"{typed}")


handler500 = urls.handler500
urlpatterns = [*urls.urlpatterns, path("breaks/", breaks, name="breaks")]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """All that is logged meanwhile goes, as in production, into a folder of daily files; gives the folder."""
    handler = DailyFiles(str(tmp_path / "log"))
    handler.setFormatter(AsJson())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield tmp_path / "log"
    root.removeHandler(handler)
    root.setLevel(before)
    handler.close()


def text_of(log: Path) -> str:
    return "".join(file.read_text() for file in log.iterdir())


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text_of(log).splitlines()]


@pytest.fixture
def client_that_breaks(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_what_was_posted_is_neither_logged_nor_shown_when_the_page_breaks(
    client_that_breaks: Client, log: Path
) -> None:
    typed = {"phone": PHONE, "id_number": ID_NUMBER, "name": NAME, "address": ADDRESS, "mail": "wang@example.cn"}
    answer = client_that_breaks.post(f"/breaks/?phone={PHONE}&name={NAME}", typed)
    said = text_of(log)
    assert answer.status_code == 500
    assert [value for value in PRIVATE if value in said] == []
    assert [value for value in PRIVATE if value in answer.content.decode()] == []
    assert "phone=" not in said


def test_the_error_page_names_the_number_under_which_the_log_knows_what_broke(
    client_that_breaks: Client, log: Path
) -> None:
    answer = client_that_breaks.post("/breaks/", {"phone": PHONE, "name": NAME})
    number = answer.headers["X-Request-ID"]
    assert number in answer.content.decode()
    [broke] = [line for line in lines_of(log) if line["level"] == "ERROR" and "error" in line]
    assert (broke["request"], broke["error"]) == (number, "builtins.ValueError")
    assert broke["where"][-1].endswith("breaks")


def test_each_request_leaves_one_line_with_user_route_status_and_time(log: Path) -> None:
    user = make.user_of(make.person("陈站长"))
    client = Client()
    client.force_login(user)
    client.get(f"/orders/?q={PHONE}")
    [line] = [line for line in lines_of(log) if line["logger"] == "lianxin.access"]
    told = {name: line[name] for name in ("user", "method", "path", "route", "status", "address")}
    assert told == {
        "user": user.pk,
        "method": "GET",
        "path": "/orders/",
        "route": "site:orders",
        "status": 200,
        "address": "127.0.0.1",
    }
    assert line["ms"] > 0


def test_an_address_that_nobody_serves_is_logged_without_the_number_in_it(log: Path) -> None:
    Client().get(f"/{PHONE}/{NAME}/")
    [line] = [line for line in lines_of(log) if line["logger"] == "lianxin.access"]
    assert (line["path"], line["status"]) == (f"/{REDACTED}/{REDACTED}/", 404)


@given(
    digits=st.from_regex(r"1[3-9]\d{9}", fullmatch=True), around=st.text(st.sampled_from("abc -:=,'\"/"), max_size=9)
)
def test_no_telephone_number_passes_whatever_stands_around_it(digits: str, around: str) -> None:
    assert digits not in redacted(f"{around}{digits}{around}")
    assert digits not in redacted(f"{around}{digits[:3]} {digits[3:7]} {digits[7:]}{around}").replace(" ", "")


def test_two_processes_write_whole_lines_into_one_file(tmp_path: Path) -> None:
    script = (
        "import logging, sys; from lianxin.base.logs import AsJson, DailyFiles\n"
        "h = DailyFiles(sys.argv[1]); h.setFormatter(AsJson()); logging.getLogger().addHandler(h)\n"
        "for n in range(500): logging.getLogger().warning('x' * 300)\n"
    )
    both = [subprocess.Popen(["python3", "-c", script, str(tmp_path)], env={"PYTHONPATH": "."}) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    lines = lines_of(tmp_path)
    assert (len(lines), {line["words"] for line in lines}) == (1000, {"x" * 300})


def test_only_the_owner_can_read_the_log(log: Path) -> None:
    Client().get("/")
    assert {oct(file.stat().st_mode & 0o777) for file in log.iterdir()} == {"0o600"}


def test_a_visitors_address_is_believed_from_a_proxy_that_the_operator_named_and_from_nobody_else(
    settings: Settings, log: Path
) -> None:
    asked = {"HTTP_X_FORWARDED_FOR": "9.9.9.9, 203.0.113.7", "HTTP_X_FORWARDED_PROTO": "https"}
    Client().get("/", **asked)  # type: ignore[arg-type]
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
    Client().get("/", **asked)  # type: ignore[arg-type]
    addresses = [line["address"] for line in lines_of(log) if line["logger"] == "lianxin.access"]
    assert addresses == ["127.0.0.1", "203.0.113.7"]

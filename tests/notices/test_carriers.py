"""The SMS carrier behind an address, against a peer that runs here: taken, later, never, and a line that is down."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pytest_django.fixtures import Settings

from lianxin.notices.actions import send_text
from lianxin.notices.carriers import Http, NotNow, NotTaken
from lianxin.notices.models import Sms
from lianxin.notices.tasks import MOST_TRIES, carry


class Peer(ThreadingHTTPServer):
    """A carrier of our own: answers with `status` and keeps what it got."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.got, self.keys = 202, [], []  # type: ignore[var-annotated]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sms?city=1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        peer = self.server
        assert isinstance(peer, Peer)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        peer.got.append((self.path, json.loads(body)))
        peer.keys.append(self.headers["Authorization"])
        self.send_response(peer.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def peer(settings: Settings, tmp_path: Path) -> Iterator[Peer]:
    key = tmp_path / "key"
    key.write_text("geheim\n")
    running = Peer()
    Thread(target=running.serve_forever, daemon=True).start()
    settings.SMS_URL, settings.SMS_KEY_FILE = running.address, str(key)
    settings.SMS_CARRIER = "lianxin.notices.carriers.Http"
    yield running
    running.shutdown()
    running.server_close()


def test_a_message_is_handed_over_with_our_key(peer: Peer) -> None:
    Http().carry(phone="13800000001", text="您好", key="7")
    assert peer.got == [("/sms?city=1", {"phone": "13800000001", "text": "您好", "key": "7"})]
    assert peer.keys == ["Bearer geheim"]


@pytest.mark.parametrize(("status", "kind"), [(400, NotTaken), (403, NotTaken), (429, NotNow), (503, NotNow)])
def test_the_answer_says_never_or_later(peer: Peer, status: int, kind: type[Exception]) -> None:
    peer.status = status
    with pytest.raises(kind):
        Http().carry(phone="13800000001", text="您好", key="7")


def test_a_peer_that_is_down_means_later(peer: Peer, settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotNow):
        Http().carry(phone="13800000001", text="您好", key="7")


@pytest.mark.django_db
def test_what_could_not_be_carried_goes_out_later_once_and_with_the_same_key(peer: Peer) -> None:
    for number in range(2):
        send_text(phone=f"1380000000{number}", text="您好")
    peer.status = 503
    carry(timestamp=0)
    assert len(peer.got) == 1, "a carrier that is down is left alone"
    peer.status = 200
    carry(timestamp=0)
    carry(timestamp=0)
    assert set(Sms.objects.values_list("state", flat=True)) == {Sms.State.SENT}
    keys = [facts["key"] for _path, facts in peer.got]
    assert (len(keys), keys[0]) == (3, keys[1])


@pytest.mark.django_db
def test_after_many_tries_a_message_is_marked_failed(peer: Peer) -> None:
    send_text(phone="13800000001", text="您好")
    peer.status = 500
    for _ in range(MOST_TRIES + 3):
        carry(timestamp=0)
    assert (Sms.objects.get().state, len(peer.got)) == (Sms.State.FAILED, MOST_TRIES)


@pytest.mark.django_db
def test_a_message_refused_for_good_does_not_hold_up_the_others(peer: Peer) -> None:
    send_text(phone="13800000001", text="您好")
    peer.status = 400
    carry(timestamp=0)
    send_text(phone="13800000002", text="您好")
    peer.status = 200
    carry(timestamp=0)
    assert list(Sms.objects.order_by("pk").values_list("state", flat=True)) == [Sms.State.FAILED, Sms.State.SENT]

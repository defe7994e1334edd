"""A signed-in browser as thin as can be, so that the load costs little beside the product."""

import http.client
import re
import threading
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from lianxin.users.models import User
from lianxin.users.sessions import SessionStore

CSRF = "b" * 32
_of_this_thread = threading.local()


class Browser:
    """One person's session; connections are kept open, one per thread, as by a proxy in front of the product."""

    def __init__(self, url: str, user: User) -> None:
        self.user = user
        self.person: int = user.person.pk
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self._host = urlsplit(url).netloc
        self._headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def post(self, path: str, **fields: object) -> int | None:
        """Send a form; the answer must lead on. Gives the key in the address that it leads to, if there is one."""
        answer = self.send(path, **fields)
        if answer.status not in {302, 303}:
            raise RuntimeError(f"{path}: {answer.status} leads nowhere")
        key = re.search(r"/(\d+)/$", answer.headers["Location"])
        return int(key[1]) if key else None

    def send(self, path: str, **fields: object) -> http.client.HTTPResponse:
        """Send a form; the answer must be a page or lead on."""
        connection = self._connection()
        connection.request("POST", path, urlencode(fields, doseq=True), self._headers)
        answer = connection.getresponse()
        words = answer.read()
        if answer.status not in {200, 302, 303}:
            raise RuntimeError(f"{path}: {answer.status} {words.decode()[:2000]}")
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        open_: dict[str, http.client.HTTPConnection] = _of_this_thread.__dict__
        if self._host not in open_:
            open_[self._host] = http.client.HTTPConnection(self._host, timeout=30)
        return open_[self._host]

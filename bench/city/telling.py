"""What people were told: messages, and calls to make for whoever wants to be rung."""

from bench.city.copying import Table
from bench.city.ground import Ground
from bench.city.moments import DAY, Moments
from bench.city.people import Helper, Somebody
from lianxin.notices.models import CallCard, Notice, Way


class Telling:
    """The tables of notices."""

    def __init__(self, ground: Ground, moments: Moments) -> None:
        self.ground, self.moments = ground, moments
        self._notices = Table(Notice, "id", "key", "person_id", "user", "way", "text", "link", "made_at", "read_at")
        self._cards = Table(CallCard, "id", "notice", "person_name", "scope", "due_at", "outcome", "done_at")
        self.tables = (self._notices, self._cards)

    def tell(self, to: Somebody | Helper, key: str, at: int, text: str, link: str = "") -> None:
        """One message, read a few hours later; or a card, done the next morning. Nothing that is still to come."""
        if at > self.moments.now:
            return
        is_rung = isinstance(to, Somebody) and (to.is_called or to.user is None)
        person = to.key if isinstance(to, Somebody) else to.person
        way = Way.CALL if is_rung else Way.IN_APP
        number, made = self._notices.key(), self.moments.text(at)
        read = None if is_rung else self.moments.past(at + 150)
        self._notices.add((number, key, person, to.user, way.value, text, link, made, read))
        if is_rung and isinstance(to, Somebody):
            self._card(number, to, at)

    def _card(self, notice: int, to: Somebody, at: int) -> None:
        due, done = at + DAY, self.moments.past(at + DAY - 200)
        scope = self.ground.communities[to.community].path
        row = (notice, to.name, scope, self.moments.text(due), "reached" if done else "", done)
        self._cards.add((self._cards.key(), *row))

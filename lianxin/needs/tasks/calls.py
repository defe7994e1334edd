"""What follows from a call, and what the desk does by the clock."""

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.base.words import moment_in_words
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.actions.calls.aids import drop_old_sheets, make_sheet, send_somebody
from lianxin.needs.actions.calls.events import tell_callers
from lianxin.needs.actions.calls.orders import WITHOUT_ANSWER, renew_promises
from lianxin.needs.models.events import EventUpdate
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.calls import on_duty
from lianxin.needs.queries.day import places_without_sheet
from lianxin.notices.models import CallCard
from lianxin.organisations.models import Role
from lianxin.organisations.queries import holders_at
from lianxin.people.actions.reaching import tell, tell_many, tell_now
from lianxin.people.models import Person

SHEET_FROM = time(7)
ORDER_PAGE, CONSOLE_ORDER = "/orders/%d/", "/console/orders/%d/"


@on("needs.order_urged")
def tell_who_answers_for_it(entry: Entry) -> None:
    """The dispatcher each time, the city officer as well from the third time on (rule L2)."""
    order = Order.objects.select_related("item", "place").get(pk=entry.subject_id)
    times = entry.facts["times"]
    roles = [Role.DISPATCHER, *([Role.CITY_OFFICER] if times >= rules.SUPERVISED_FROM else [])]
    users = {user.pk for role in roles for user in holders_at(order.place_path, role)}
    text = _("%(place)s的 %(number)d 号「%(item)s」居民催了第 %(times)d 次，现在是「%(state)s」。请先办这一单。") % {
        "place": order.place,
        "number": order.number,
        "item": order.item,
        "times": times,
        "state": order.get_state_display(),
    }
    people = Person.objects.filter(user__in=users).select_related("home", "user").order_by("pk")
    tell_many(
        people=list(people),
        text=text,
        key=lambda person: f"{entry.pk}:{person.pk}",
        link=CONSOLE_ORDER % order.pk,
    )


@on(
    "needs.order_placed", when=lambda entry: entry.facts.get("clock") == Clock.URGENT and rules.is_after_hours(entry.at)
)
def wake_who_is_on_duty(entry: Entry) -> None:
    """An urgent order outside office hours does not wait for the morning (rule L5)."""
    order = Order.objects.select_related("item", "place").get(pk=entry.subject_id)
    text = _("急单：%(place)s %(number)d 号「%(item)s」，%(until)s前要有着落。您在值班，请马上看。") % {
        "place": order.place,
        "number": order.number,
        "item": order.item,
        "until": moment_in_words(order.promised_at),
    }
    for duty in on_duty(order.place_path, entry.at):
        person = getattr(duty.user, "person", None)
        if person:
            tell_now(person=person, text=text, key=f"{entry.pk}:duty:{person.pk}", link=CONSOLE_ORDER % order.pk)


@on("needs.event_updated")
def tell_all_who_rang(entry: Entry) -> None:
    tell_callers(update=EventUpdate.objects.get(pk=entry.subject_id))


@on("notices.call_tried")
def send_somebody_after_the_third_try(entry: Entry) -> None:
    card = CallCard.objects.select_related("notice").get(pk=entry.subject_id)
    if card.outcome == CallCard.Outcome.GIVEN_UP:
        send_somebody(card=card)


@on("needs.promise_renewed")
def tell_that_we_still_look(entry: Entry) -> None:
    """「今天还没找到合适的人，我们在找」, unless somebody was found meanwhile."""
    order = Order.objects.select_related("item", "resident__home").get(pk=entry.subject_id)
    if order.state not in WITHOUT_ANSWER:
        return
    text = _("「%(item)s」还没找到合适的人，我们在找，%(until)s前给您回话。") % {
        "item": order.item,
        "until": moment_in_words(order.promised_at),
    }
    tell(person=order.resident, text=text, key=f"{entry.pk}:{order.resident_id}", link=ORDER_PAGE % order.pk)


@app.periodic(cron="*/10 * * * *")
@app.task(name="needs.renew_promises", queueing_lock="needs.renew_promises")
def renew(timestamp: int) -> None:
    """Promise anew what was promised and has not come; a window that is over is for the desk to see."""
    late = Order.objects.filter(
        state__in=WITHOUT_ANSWER, promised_at__lte=clock.now(), window__endswith__gt=clock.now()
    )
    renew_promises(orders=list(late.only("pk").order_by("pk")[:200]))


@app.periodic(cron="*/5 * * * *")
@app.task(name="needs.print_sheets", queueing_lock="needs.print_sheets")
def print_sheets(timestamp: int) -> None:
    """From 07:00 on each desk has the sheet of its day, also when the night's machine came up late (rule L9)."""
    if timezone.localtime(clock.now()).time() < SHEET_FROM:
        return
    for place in places_without_sheet(clock.today()):
        make_sheet(place=place, by=None)
    drop_old_sheets()

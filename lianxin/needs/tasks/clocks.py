"""What happens by itself when a time is over."""

from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.needs.actions.closing import ask_the_silent
from lianxin.needs.actions.dispatching import lapse_offers
from lianxin.needs.actions.pausing import resume_when_due
from lianxin.needs.actions.raising import raise_order
from lianxin.needs.actions.serving import ask_about_forgotten
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order


@app.periodic(cron="* * * * *")
@app.task(name="needs.lapse", queueing_lock="needs.lapse")
def lapse(timestamp: int) -> None:
    """End offers whose time to answer is over."""
    late = Offer.objects.filter(state=Offer.State.OPEN, lapses_at__lte=clock.now())
    for order in Order.objects.filter(offers__in=late).distinct().order_by("pk"):
        lapse_offers(order=order)


@app.periodic(cron="*/5 * * * *")
@app.task(name="needs.ask_again", queueing_lock="needs.ask_again")
def ask_again(timestamp: int) -> None:
    """Ask who forgot to end a visit, and who has not said whether it was done (rules E6 and E7)."""
    ask_about_forgotten()
    ask_the_silent()


@app.periodic(cron="* * * * *")
@app.task(name="needs.rise", queueing_lock="needs.rise")
def rise(timestamp: int) -> None:
    """Let orders rise that nobody has accepted in time (rule C4)."""
    for order in Order.objects.filter(rises_at__lte=clock.now(), state=Order.State.WAITING).order_by("pk"):
        raise_order(order=order)


@app.periodic(cron="* * * * *")
@app.task(name="needs.resume", queueing_lock="needs.resume")
def resume(timestamp: int) -> None:
    """Let paused orders go on whose pause is over (rule C5)."""
    for order in Order.objects.filter(state=Order.State.PAUSED, due_at__lte=clock.now()).order_by("pk"):
        resume_when_due(order=order)

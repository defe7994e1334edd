"""What happens by itself when a time is over."""

from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.needs.actions.dispatching import lapse_offers
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order


@app.periodic(cron="* * * * *")
@app.task(name="needs.lapse", queueing_lock="needs.lapse")
def lapse(timestamp: int) -> None:
    """End offers whose time to answer is over."""
    late = Offer.objects.filter(state=Offer.State.OPEN, lapses_at__lte=clock.now())
    for order in Order.objects.filter(offers__in=late).distinct().order_by("pk"):
        lapse_offers(order=order)

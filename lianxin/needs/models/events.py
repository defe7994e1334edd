"""One event behind many calls: 停水, 暴雪."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.organisations.models import Node
from lianxin.users.models import User


class Event(models.Model):
    """Something that makes many people of a place ring: one script for all, one update to all (rule L6)."""

    name = models.CharField(_("什么事"), max_length=30)
    place = models.ForeignKey(Node, models.PROTECT, related_name="+")
    place_path = PathField()
    script = models.CharField(_("照着说"), max_length=200)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"],
                condition=models.Q(closed_at=None),
                name="one_open_event_of_a_name",
                violation_error_message=_("这里已经有同名的事件，请用那一个。"),
            )
        ]
        indexes = [GistIndex(fields=["place_path"], name="events_by_place")]

    def __str__(self) -> str:
        return self.name


class EventUpdate(models.Model):
    """What all callers of an event are told, once."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="updates")
    text = models.CharField(_("告诉大家"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.event}"

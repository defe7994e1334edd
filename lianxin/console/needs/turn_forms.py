"""What the desk fills in when an order takes a turn."""

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.choosing import Suggested, offer
from lianxin.console.needs.forms import Words
from lianxin.console.organisations.forms import NodeField
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Node
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer

USUAL_PAUSE = timedelta(days=3)
DAY = {"type": "date"}
HOUR = {"type": "time"}


class OutcomeForm(forms.Form):
    """What came of what was handed on."""

    came = forms.ChoiceField(label=_("办得怎么样"), choices=Redirect.Came.choices, widget=forms.RadioSelect)
    outcome = Words(label=_("问到的结果（居民会看到）"))


class PauseForm(forms.Form):
    """Why, and until when."""

    until = forms.DateField(label=_("暂停到哪天"), widget=forms.DateInput(attrs=DAY))
    reason = Words(label=_("暂停的原因（居民会看到）"))

    @property
    def facts(self) -> dict[str, Any]:
        """What the action is told: until the morning of that day."""
        morning = datetime.combine(self.cleaned_data["until"], datetime.min.time(), timezone.get_current_timezone())
        return {"until": morning.replace(hour=8, minute=30), "reason": self.cleaned_data["reason"]}


class HandOverForm(forms.Form):
    """To whom; the choice is asked for only where the fold is shown."""

    to = forms.ModelChoiceField(label=_("交给谁"), queryset=User.objects.none(), empty_label=_("请选择"))

    def __init__(self, data: Any = None, *, possible: list[User]) -> None:
        super().__init__(data, auto_id="over_%s")
        field = cast("forms.ModelChoiceField[User]", self.fields["to"])
        field.queryset = User.objects.filter(pk__in=[user.pk for user in possible]).order_by("display_name", "pk")
        field.label_from_instance = lambda user: user.display_name  # type: ignore[assignment, method-assign]


class ObjectForm(forms.Form):
    """Why it is not ours."""

    reason = Words(label=_("为什么不该派到这里"))


class DecideForm(forms.Form):
    """Keep it, or move it to another team."""

    to = NodeField(label=_("改派给"), required=False, help_text=_("不填就是维持原派单。打两个字，从提示里选。"))
    words = Words(label=_("决定的理由"))

    def __init__(self, data: Any = None, *, order: int, teams: QuerySet[Node]) -> None:
        super().__init__(data, auto_id="decide_%s")
        self.fields["to"].widget = Suggested(lambda: reverse("console:order_decide_teams", args=[order]))
        offer(self, "to", teams, empty=_("维持原派单"))


class WhenForm(forms.Form):
    """Another time, as agreed with the resident, and by which way that was."""

    day = forms.DateField(label=_("改到哪天"), widget=forms.DateInput(attrs=DAY))
    start = forms.TimeField(label=_("从"), widget=forms.TimeInput(attrs=HOUR))
    end = forms.TimeField(label=_("到"), widget=forms.TimeInput(attrs=HOUR))
    how = forms.ChoiceField(
        label=_("怎么和居民说定的"), choices=[each for each in Order.Way.choices if each[0] != "web"]
    )

    @property
    def facts(self) -> dict[str, Any]:
        """What the action is told."""
        asked, zone = self.cleaned_data, timezone.get_current_timezone()
        return {
            "start": datetime.combine(asked["day"], asked["start"], zone),
            "end": datetime.combine(asked["day"], asked["end"], zone),
            "how": Order.Way(asked["how"]),
        }


class ReleaseForm(forms.Form):
    """Whom, and why."""

    assignment = forms.ModelChoiceField(queryset=Assignment.objects.select_related("volunteer__person"))
    because = forms.ChoiceField(label=_("原因"), choices=Assignment.Why.choices)


class FewerForm(forms.Form):
    """Why one is enough here."""

    reason = Words(label=_("为什么不用两个人"))


class SpareForm(forms.Form):
    """Whom the resident would rather not have, or would have again."""

    volunteer = forms.ModelChoiceField(queryset=Volunteer.objects.select_related("person"))


class TeamForm(forms.Form):
    """Which team to ask."""

    team = forms.ModelChoiceField(label=_("问哪支队"), queryset=Node.objects.all(), empty_label=_("请选择"))


class ManyForm(forms.Form):
    """The orders that were ticked on a list."""

    orders = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": _("请先勾选几单。")})

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked = data.getlist("orders") if hasattr(data, "getlist") else []
        numbers = [each for each in ticked if each.isdecimal()]
        self.fields["orders"].choices = [(each, each) for each in numbers]  # type: ignore[attr-defined]


class HowManyForm(ManyForm):
    """And by which way they were verified."""

    how = forms.ChoiceField(choices=Order.Way.choices)


def usual_pause() -> dict[str, Any]:
    """A pause is most often for three days."""
    return {"until": clock.today() + USUAL_PAUSE}

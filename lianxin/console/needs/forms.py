"""What the desk fills in about an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.orders import Order

REASONS = (
    _("几次打电话都联系不上您，方便时请再点一次。"),
    _("写得不够清楚，请补充后再点。"),
    _("这个时间找不到志愿者，请换个时间再点。"),
    _("这件事要请专业人员来做，志愿者做不了。"),
    _("您说现在不需要了。"),
)
OTHER = "other"


class Words(forms.CharField):
    """A reason in own words; the column holds a hundred characters, with what is put before it."""

    def __init__(self, **options: Any) -> None:
        required = _("请用一句话写明原因，居民会看到。")
        super().__init__(max_length=60, error_messages={"required": required}, **options)


class Moment(forms.DateTimeField):
    """A day and a time of day, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = _("请填日期和时间，例如 2026-11-22 09:30。")
        super().__init__(widget=widget, error_messages={"invalid": wrong, "required": wrong}, **options)


class HowForm(forms.Form):
    """By which way it was verified."""

    how = forms.ChoiceField(choices=Order.Way.choices)


class ReturnForm(forms.Form):
    """Why it cannot be done like this: one of the usual reasons, or own words."""

    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[("", _("请选择")), *((words, words) for words in REASONS), (OTHER, _("其他，写在下面"))],
        error_messages={"required": _("请选一个原因，居民会看到。")},
    )
    words = Words(label=_("补充说明"), required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="return_%s")  # type: ignore[arg-type]

    def clean(self) -> dict[str, str]:
        if self.cleaned_data.get("reason") == OTHER and not self.cleaned_data.get("words"):
            self.add_error("words", _("请用一句话写明原因，居民会看到。"))
        return self.cleaned_data

    @property
    def told(self) -> str:
        """What the resident is told."""
        usual = self.cleaned_data["reason"]
        return f"{'' if usual == OTHER else usual}{self.cleaned_data['words']}"


class RedirectForm(forms.Form):
    """Who is competent, and why."""

    to = forms.ChoiceField(
        label=_("转给谁"),
        choices=[("", _("请选择")), *Redirect.To.choices],
        error_messages={"required": _("请选转给谁。")},
    )
    outside_number = forms.CharField(label=_("对方的单号（如 12345 工单号）"), max_length=40, required=False)
    words = Words(label=_("原因"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="redirect_%s")  # type: ignore[arg-type]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action is told."""
        asked = self.cleaned_data
        number = asked["outside_number"]
        return {"to": Redirect.To(asked["to"]), "outside_number": number, "reason": asked["words"]}


class CancelForm(forms.Form):
    """Why the desk calls it off."""

    words = Words(label=_("取消的原因"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="cancel_%s")  # type: ignore[arg-type]


class AnswerForm(forms.Form):
    """What the resident said on the telephone, or signed on the slip: that it was done, and perhaps how well."""

    how = forms.ChoiceField(
        label=_("怎么知道的"),
        choices=[("call", _("电话里说的")), ("slip", _("纸质单上签的"))],
        initial="call",
        required=False,
    )
    stars = forms.TypedChoiceField(
        label=_("几颗星（问了再选）"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("没有问")),
            (5, _("5 星，很满意")),
            (4, _("4 星，满意")),
            (3, _("3 星，一般")),
            (2, _("2 星，不太满意")),
            (1, _("1 星，不满意")),
        ],
    )
    words = forms.CharField(label=_("老人家的原话"), max_length=200, required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="answer_%s")  # type: ignore[arg-type]

    @property
    def way(self) -> str:
        """How it was confirmed; by telephone where nothing else is said."""
        return self.cleaned_data["how"] or "call"


class ReopenForm(forms.Form):
    """What is not done yet, as told on the telephone, and when the same people shall come again."""

    words = Words(label=_("哪里还没做好"))
    start = Moment(label=_("原来的人几点再去（不填就另外找人）"), required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="reopen_%s")  # type: ignore[arg-type]

"""What the desk fills in about an item of the menu."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from lianxin.needs.actions.menus import ItemFacts
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.volunteers.models import Skill

ICONS = (
    ("tool", _("修理")),
    ("stethoscope", _("看病")),
    ("soup", _("送餐")),
    ("armchair", _("陪伴")),
    ("device-mobile", _("手机")),
    ("car", _("接送")),
    ("scissors", _("理发")),
    ("scale", _("法律")),
    ("school", _("辅导")),
    ("snowflake", _("扫雪")),
    ("book", _("读书")),
    ("first-aid-kit", _("健康")),
    ("heart-handshake", _("帮忙")),
    ("alert-triangle", _("紧急")),
)
CLOCKS = (
    (Clock.PLAIN, _("平：三个工作日内回话，从明天起预约")),
    (Clock.QUICK, _("快：二十四小时内回话，白天可以马上要")),
    (Clock.URGENT, _("急：两小时内回话，白天黑夜都可以马上要")),
)
AGES = ((0, _("所有居民")), (60, _("六十岁以上")), (70, _("七十岁以上")), (80, _("八十岁以上")))


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """An item in plain words; what is required is what a resident must know before he orders."""

    from_age = forms.TypedChoiceField(label=_("谁可以点"), choices=AGES, coerce=int)
    icon = forms.ChoiceField(label=_("图标"), choices=ICONS)
    clock = forms.ChoiceField(label=_("时限"), choices=CLOCKS, initial=Clock.PLAIN)
    minutes = forms.IntegerField(
        label=_("大约需要（分钟）"), initial=60, validators=[MinValueValidator(10), MaxValueValidator(720)]
    )
    people = forms.IntegerField(
        label=_("需要几个人"), initial=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    class Meta:
        model = MenuItem
        fields = (
            "name", "words", "expect", "script", "from_age", "clock", "minutes", "people", "skill", "materials",
            "is_low_risk", "is_alone_at_first", "icon",
        )  # fmt: skip
        widgets = {"expect": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": _("四五个字，居民一看就懂，例如：小修小补"),
            "words": _("一句大白话，例如：换灯泡、修水龙头、装扶手"),
            "script": _("接电话时照着问，例如：几楼？有没有电梯？养狗吗？什么时候在家？"),
            "expect": _("来几个人、先做什么、哪些做不了；点单前会看到"),
            "is_low_risk": _("社区认识的居民在网上点，不用再核实，直接派单"),
            "is_alone_at_first": _("第一次上门一个人去也行；不勾就派两个人"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        skill = self.fields["skill"]
        skill.queryset = Skill.objects.order_by("pk")  # type: ignore[attr-defined]
        skill.empty_label = _("不要求")  # type: ignore[attr-defined]
        skill.label = _("要会什么")

    def facts(self) -> ItemFacts:
        """What was filled in, for the action."""
        said = self.cleaned_data
        return ItemFacts(
            **{
                name: said[name] for name in ("name", "words", "expect", "script", "icon", "minutes", "people", "skill")
            },
            from_age=said["from_age"],
            materials=MenuItem.Materials(said["materials"]),
            clock=Clock(said["clock"]),
            is_low_risk=said["is_low_risk"],
            is_alone_at_first=said["is_alone_at_first"],
        )

    def _post_clean(self) -> None:
        """The row is not built here: the action locks it and writes; its constraints speak then."""

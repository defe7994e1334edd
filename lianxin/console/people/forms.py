"""What the desk fills in about a person."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.choosing import offer
from lianxin.console.organisations.forms import NodeField
from lianxin.organisations.models import Kind, Tree
from lianxin.organisations.queries import nodes_within
from lianxin.people.actions.circumstances import Contact, Guardian
from lianxin.people.actions.consents import Said
from lianxin.people.models import Circumstances, Consent, ContactBy, Helper, Person, Purpose
from lianxin.people.rules import ASKED_HOW, CONSENT_WORDS, HELP_LASTS_DAYS
from lianxin.users.models import User

DAY = {"type": "date"}
REGISTER = "people.register"


class SearchForm(forms.Form):
    """Whom the desk looks for."""

    q = forms.CharField(
        label=_("姓名、拼音首字母、手机尾号或点单号码"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class GuardianFields(forms.Form):
    """Who answers for somebody under 18, and how he said yes (rule P11); empty for everybody else."""

    guardian_name = forms.CharField(
        label=_("监护人姓名"), max_length=50, required=False, help_text=_("未满 14 周岁必须填，未满 18 周岁最好填")
    )
    guardian_relation = forms.CharField(label=_("监护人是他的什么人"), max_length=10, required=False)
    guardian_phone = forms.CharField(label=_("监护人电话"), max_length=20, required=False)
    guardian_how = forms.ChoiceField(
        label=_("怎么问的监护人"),
        required=False,
        choices=[("", _("没有问")), *ASKED_HOW],
        help_text=CONSENT_WORDS[Purpose.CHILD],
    )
    guardian_witness = forms.CharField(label=_("见证人（签字的要填）"), max_length=50, required=False)

    def guardian_fields(self) -> list[forms.BoundField]:
        """Those that stand in a fold of their own."""
        return [self[name] for name in GuardianFields.base_fields]

    def has_guardian_errors(self) -> bool:
        """Whether the fold must be open."""
        return any(name in self.errors for name in GuardianFields.base_fields)

    def guardian(self) -> Guardian | None:
        """Whoever was named, if somebody was asked."""
        said = self.cleaned_data
        if not (said["guardian_name"] and said["guardian_how"]):
            return None
        contact = Contact(said["guardian_name"], said["guardian_relation"], said["guardian_phone"])
        return Guardian(contact, Consent.How(said["guardian_how"]), said["guardian_witness"])


class PersonForm(GuardianFields):
    """A resident in a few lines; only name and community must be known."""

    name = forms.CharField(label=_("姓名"), max_length=50, error_messages={"required": _("请填姓名。")})
    home = NodeField(
        label=_("住在哪个社区"),
        tree=Tree.PLACE,
        may=REGISTER,
        kinds=[Kind.COMMUNITY],
        error_messages={"required": _("请选社区。")},
    )
    phone = forms.CharField(
        label=_("电话"), max_length=20, required=False, help_text=_("手机，或带区号的座机；一家人可以用同一个")
    )
    born_on = forms.DateField(label=_("出生日期"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    address = forms.CharField(label=_("门牌"), max_length=100, required=False)
    contact_by = forms.ChoiceField(
        label=_("怎么通知"), required=False, choices=[("", _("七十岁起打电话，其余发消息")), *ContactBy.choices]
    )
    helped_how = forms.CharField(
        label=_("上门注意"), max_length=60, required=False, help_text=_("接单前的志愿者会看到，不写病、不写门牌")
    )
    field_order = ("name", "home", "phone", "born_on", "address", "contact_by", "helped_how")
    unlike = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: User, alike: Iterable[Person] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        own = nodes_within(by, REGISTER).filter(kind=Kind.COMMUNITY)
        offer(self, "home", own.order_by("path", "pk"))
        self.fields["unlike"].choices = [(each.pk, each.name) for each in alike]  # type: ignore[attr-defined]


class ChangeForm(PersonForm):
    """The same, for somebody who stands there; what is sealed is left as it is unless it is typed anew."""

    contact_by = forms.ChoiceField(label=_("怎么通知"), choices=ContactBy.choices)
    field_order = ("name", "home", "born_on", "contact_by", "helped_how", "phone", "address")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["unlike"]
        for name in ("born_on", "phone", "address"):
            self.fields[name].help_text = _("不改就空着，原来的还在")


class CircumstancesForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What to mind; he need say none of it."""

    how = forms.ChoiceField(
        label=_("听力、视力、行动：怎么问的本人"),
        required=False,
        choices=[("", _("已经同意过，或者没有写")), *ASKED_HOW],
        help_text=CONSENT_WORDS[Purpose.HEALTH],
    )
    witness = forms.CharField(label=_("见证人（签字的要填）"), max_length=50, required=False)
    way_in = forms.CharField(
        label=_("怎么进门、钥匙在谁那里"), max_length=100, required=False, help_text=_("加密保存，不改就空着")
    )

    class Meta:
        model = Circumstances
        fields = ("languages", "hearing", "sight", "mobility", "wished", "best_hours", "pets")

    field_order = ("languages", "hearing", "sight", "mobility", "how", "witness", "wished", "best_hours", "pets")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("hearing", "sight", "mobility", "wished"):
            choices = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].choices = [("", _("没有说")), *[each for each in choices if each[0]]]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """For the action: an empty way in leaves the old one."""
        said = dict(self.cleaned_data)
        how, witness = said.pop("how"), said.pop("witness")
        yes = Said(Consent.How(how), witness) if how else None
        return {**said, "way_in": said["way_in"] or None, "said_yes": yes}

    def _post_clean(self) -> None:
        """The action locks the row and writes it."""


class ContactsForm(forms.Form):
    """Two people to ring, the first first."""

    name_1 = forms.CharField(label=_("第一位"), max_length=50, required=False)
    relation_1 = forms.CharField(label=_("关系"), max_length=10, required=False)
    phone_1 = forms.CharField(label=_("电话"), max_length=20, required=False)
    name_2 = forms.CharField(label=_("第二位"), max_length=50, required=False)
    relation_2 = forms.CharField(label=_("关系"), max_length=10, required=False)
    phone_2 = forms.CharField(label=_("电话"), max_length=20, required=False)

    def contacts(self) -> list[Contact]:
        """Those of whom anything was written."""
        said = self.cleaned_data
        both = [Contact(said[f"name_{rank}"], said[f"relation_{rank}"], said[f"phone_{rank}"]) for rank in (1, 2)]
        return [each for each in both if each.name or each.phone]


class HelpForm(forms.Form):
    """What the person has said yes to, when it was read aloud."""

    relation = forms.CharField(label=_("是本人的什么人"), max_length=10, help_text=_("例如：女儿"))
    scopes = forms.MultipleChoiceField(
        label=_("本人同意哪些事"), choices=Helper.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    given_how = forms.ChoiceField(label=_("怎么问的本人"), choices=Helper.GivenHow.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("念给本人听的话"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    until = forms.DateField(label=_("到哪天为止"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = clock.today() + timedelta(days=HELP_LASTS_DAYS)

    def said(self) -> dict[str, Any]:
        """For the action, with the choices as what they are."""
        until: date | None = self.cleaned_data["until"]
        return {
            "relation": self.cleaned_data["relation"],
            "scopes": [Helper.Scope(scope) for scope in self.cleaned_data["scopes"]],
            "given_how": Helper.GivenHow(self.cleaned_data["given_how"]),
            "words": self.cleaned_data["words"],
            "until": until,
        }


class AnswerForm(forms.Form):
    """Why not."""

    answer = forms.CharField(
        label=_("为什么没有办成"), max_length=200, error_messages={"required": _("请写明为什么，申请人会看到。")}
    )

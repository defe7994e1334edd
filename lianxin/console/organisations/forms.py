"""What is asked when a tree, a role or a past figure is changed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.choosing import Typed
from lianxin.organisations.models import TREE_OF, Kind, Node, NodeSet, Opening, Role, Tree
from lianxin.organisations.rules import USUALLY_BELOW
from lianxin.users import rules as users
from lianxin.users.models import User

SUGGEST = "console:nodes_suggest"


class NodeField(Typed):
    """A node by its name, or by name and number (红梅邻里队 #12), as the suggestions below the field write it.

    Suggested is what `suggest` finds; without it the nodes of this tree and of these kinds over which who asks has the
    permission `may`, or may see them.
    """

    model = Node

    def __init__(
        self,
        *,
        nodes: QuerySet[Node] | None = None,
        tree: str = "",
        may: str = "",
        kinds: Iterable[Kind] = (),
        suggest: Callable[[], str] | None = None,
        **options: Any,
    ) -> None:
        asked = [("tree", tree), ("may", may), *(("kind", kind.value) for kind in kinds)]
        query = urlencode([(name, value) for name, value in asked if value])
        super().__init__(rows=nodes, suggest=suggest or (lambda: f"{reverse(SUGGEST)}?{query}"), **options)

    def words_for_none(self, typed: str) -> str:
        """Whether there is no such node, or one that cannot be chosen here."""
        if self.meant_by(typed, Node.objects.open()):
            return _("「%(typed)s」不在您能选的范围里，请从提示里选。") % {"typed": typed}
        return super().words_for_none(typed)


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **options)


class UserField(forms.CharField):
    """Somebody who can sign in, by his mobile number."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        found = User.objects.get_by_phone(users.mobile(super().clean(value)))
        if found is None or not hasattr(found, "person"):
            raise ValidationError(_("没有找到用这个手机号登录的人。请他先登录一次，填好姓名。"))
        return found


class LeaderForm(forms.Form):
    """Who leads here: a captain of a team, a secretary of a branch (rule A10)."""

    who = UserField(label=_("他的手机号"), help_text=_("他登录用的手机号"))
    role = forms.ChoiceField(label=_("身份"))
    until = DayField(label=_("到哪天为止"), required=False, help_text=_("那一天还算。不填就一直有效，直到结束。"))

    def __init__(self, data: Any, *, tree: Tree) -> None:
        super().__init__(data, prefix="role")
        role = Role.SECRETARY if tree == Tree.PARTY else Role.CAPTAIN
        self.fields["role"].choices = [(role.value, role.label)]  # type: ignore[attr-defined]

    def clean_until(self) -> date | None:
        """Today or later."""
        until: date | None = self.cleaned_data["until"]
        if until and until < clock.today():
            raise ValidationError(_("这一天已经过去了，请填今天或以后。"))
        return until


class OpenForm(forms.Form):
    """A new node below this one."""

    kind = forms.ChoiceField(label=_("类型"))
    name = forms.CharField(label=_("名称"), max_length=60)

    def __init__(self, data: Any, *, node: Node) -> None:
        super().__init__(data, prefix="open", initial={"kind": USUALLY_BELOW.get(Kind(node.kind))})
        kinds = [(kind.value, kind.label) for kind in Kind if TREE_OF[kind] == node.tree]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    name = forms.CharField(label=_("新名称"), max_length=60)

    def __init__(self, data: Any, *, node: Node) -> None:
        super().__init__(data, prefix="rename")


class ToForm(forms.Form):
    """Another node: where to, into which, or whom it serves."""

    to = NodeField(label=_("哪一个"))

    def __init__(self, data: Any, *, nodes: NodeSet, tree: str, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["to"] = NodeField(label=_("哪一个"), nodes=nodes, tree=tree, help_text=_("打两个字，从提示里选。"))


class DescribeForm(forms.Form):
    """Telephone, credit code, tags."""

    phone = forms.CharField(label=_("对外电话"), max_length=20, required=False)
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=30, required=False)
    tags = forms.CharField(label=_("标签"), max_length=120, required=False, help_text=_("行业、品牌等，用逗号隔开。"))

    def __init__(self, data: Any, *, node: Node) -> None:
        tags = "，".join(node.tags)
        initial = {"phone": node.phone, "credit_code": node.credit_code, "tags": tags}
        super().__init__(data, prefix="describe", initial=initial)


class CodeForm(forms.Form):
    """The division code of a place, from a day on, by a list."""

    code = forms.CharField(label=_("区划代码"), max_length=12)
    since = DayField(label=_("从哪一天起"), initial=clock.today)
    source = forms.CharField(label=_("出处"), max_length=100, help_text=_("例如：国家地名信息库 2026 年 1 月"))

    def __init__(self, data: Any, *, node: Node) -> None:
        super().__init__(data, prefix="code")


class LendForm(forms.Form):
    """Who stands in for me, in which role, from when to when."""

    role = forms.ChoiceField(label=_("我的身份"))
    to = UserField(label=_("代理人的手机号"))
    since = DayField(label=_("从"), initial=clock.today)
    until = DayField(label=_("到（含当天）"))


class OpeningForm(forms.Form):
    """A figure from before the system."""

    node = NodeField(label=_("哪个组织"))
    what = forms.ChoiceField(label=_("什么"), choices=Opening.What.choices)
    number = forms.IntegerField(label=_("数量"), min_value=0, max_value=10**12)
    unit = forms.CharField(label=_("单位"), max_length=6, help_text=_("人、小时、场、件、项"))
    as_of = DayField(label=_("截至哪一天"))
    source = forms.CharField(label=_("出处"), max_length=100, help_text=_("例如：2025 年工作总结第 3 页"))

    def __init__(self, data: Any, *, nodes: NodeSet) -> None:
        super().__init__(data)
        self.fields["node"] = NodeField(label=_("哪个组织"), nodes=nodes)

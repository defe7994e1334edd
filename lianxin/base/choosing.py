"""A row that is chosen: from a list where there are few, by typing its name where there are more (rule G12).

A city has 1,500 communities: a list of them all is slow to send and hopeless to scroll. Where somebody types, names are
suggested below the field; without scripts the full name does.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.renderers import BaseRenderer
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

FEW = 60
"""As many rows as a list still shows."""
SUGGESTED = 8
"""As many names as are suggested at once."""
SHOWN = 5
LONGEST = 150


class Suggested(forms.TextInput):
    """A line to type into, and below it what may be meant, from the address that `suggest` gives."""

    def __init__(self, suggest: Callable[[], str]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.suggest = suggest

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        names = f"{(attrs or {}).get('id') or name}-names"
        line = super().render(name, value, {**(attrs or {}), "list": names}, renderer)
        return line + format_html('<datalist id="{}" data-suggest="{}"></datalist>', names, self.suggest())


class Typed(forms.CharField):
    """One of these rows by its name, or by name and number (红梅邻里队 #12), as the suggestions write it."""

    model: type[Model]
    by = "name"
    several: str | Promise = _("同名的有好几个，请连编号一起填：%(some)s")

    def __init__(self, *, suggest: Callable[[], str], rows: QuerySet[Any] | None = None, **options: Any) -> None:
        super().__init__(max_length=LONGEST, widget=Suggested(suggest), **options)
        self.rows = self.model._default_manager.none() if rows is None else rows

    def words(self, row: Any) -> str:
        """What people call the row."""
        return str(row)

    def written(self, row: Any) -> str:
        """How the row is meant and no other, as the suggestions write it."""
        return f"{self.words(row)} #{row.pk}"

    def prepare_value(self, value: Any) -> Any:
        """A row as the suggestions write it; what was typed, as it was typed."""
        return self.written(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        """The row that was meant, or which ones it may have been."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = self.meant_by(typed, self.rows)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.words_for_none(typed))
        raise ValidationError(self.several % {"some": "、".join(map(self.written, found[:SHOWN]))})

    def meant_by(self, typed: str, rows: QuerySet[Any]) -> list[Any]:
        """The row of that number, or those of that name, no more of them than are shown and one."""
        number = re.search(r"#(\d{1,18})$", typed)
        return list(rows.filter(pk=int(number[1])) if number else rows.filter(**{self.by: typed})[: SHOWN + 1])

    def words_for_none(self, typed: str) -> str:
        """Why none of the rows was meant, and what to do."""
        return _("没有找到「%(typed)s」。请填完整的名称，或从提示里选。") % {"typed": typed}


class Listed(forms.ChoiceField):
    """One of a few rows, from a list in place of a line to type; chosen beforehand where it is the only one."""

    default_error_messages = {"invalid_choice": _("这一项不在您能选的范围里，请从列表里重新选。")}

    def __init__(self, few: Iterable[Any], typed: Typed, *, empty: str | Promise) -> None:
        self.rows = {str(row.pk): row for row in few}
        choices = [(key, typed.words(row)) for key, row in self.rows.items()]
        is_one = typed.required and len(choices) == 1
        errors = {"required": typed.error_messages["required"]}
        super().__init__(
            choices=choices if is_one else [("", empty), *choices],
            label=typed.label,
            required=typed.required,
            error_messages=errors,
        )

    def prepare_value(self, value: Any) -> Any:
        """A row by its key."""
        return str(value.pk) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        """The row that was chosen."""
        return self.rows.get(super().clean(value))


def offer(form: forms.Form, name: str, rows: QuerySet[Any], *, empty: str | Promise = "") -> None:
    """Let these rows be chosen in a field declared as `Typed`, from a list where they are few; they are read once."""
    typed = cast("Typed", form.fields[name])
    few = list(rows[: FEW + 1])
    if len(few) > FEW:
        typed.rows, typed.help_text = rows, typed.help_text or _("打两个字，从提示里选。")
    else:
        form.fields[name] = Listed(few, typed, empty=empty or _("请选择"))

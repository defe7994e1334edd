"""Writing down what was done to keep the installation in order: a row for the health page, an entry in the journal."""

from collections.abc import Mapping
from typing import Any

from lianxin.base.actions import action
from lianxin.base.models import Upkeep
from lianxin.journal.actions import note
from lianxin.organisations.models import Tree
from lianxin.organisations.queries import roots
from lianxin.users.models import User


@action
def keep_record(*, kind: Upkeep.Kind, facts: Mapping[str, Any], by: User | None) -> Upkeep:
    """One thing was done (rule B1): its figures, and the names of files; never anything about a person."""
    done = Upkeep.objects.create(kind=kind, facts=dict(facts))
    note("base.upkeep_done", done, by=by, scope=whole_city(), kind=kind, **facts)
    return done


def whole_city() -> str | None:
    """The path of the city, below which its auditors read; None before there is one."""
    top = roots(Tree.PLACE).first()
    return top.path if top else None

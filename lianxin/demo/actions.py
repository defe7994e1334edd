"""What only the demo does: being begun, naming skills, noting how far it has come."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.journal.models import Entry
from lianxin.people.models import Person
from lianxin.volunteers.models import Skill

GROUND_LAID, HISTORY_LIVED = "demo.ground_laid", "demo.history_lived"


@action
def start_demo(*, city_name: str) -> Installation:
    """Say that this database is a demo; refused beside real people, and then it is never said."""
    installation = Installation.objects.first()
    if installation and installation.is_demo:
        return installation
    if installation or Person.objects.exists():
        raise Refused(_("数据库里已经有真实人员，不能建演示城市。请换一个空的数据库。"))
    installation = Installation.objects.create(
        city=city_name, is_demo=True, key_fingerprint=settings.KEYS.fingerprint, made_at=clock.now()
    )
    note("demo.begun", installation, by=None)
    return installation


@action
def note_stage(*, installation: Installation, stage: str) -> None:
    """Write down that a stage is complete, in the transaction that completed it."""
    note(stage, installation, by=None)


def is_complete(stage: str) -> bool:
    """Whether the stage was completed before."""
    return Entry.objects.filter(name=stage).exists()


@action
def name_skill(*, code: str, name: str) -> Skill:
    """Give a skill its name."""
    return Skill.objects.create(code=code, name=name)

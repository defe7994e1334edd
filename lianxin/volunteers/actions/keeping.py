"""What a volunteer has and shows: skills and times, the card, the kit in his hands; and the list of skills."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, limits
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note, note_many
from lianxin.organisations.queries import may, reach, require
from lianxin.people.actions.looking import look, look_at_guardian
from lianxin.people.rules import CHECKS_PER_ADDRESS
from lianxin.users.models import User
from lianxin.users.rules import network
from lianxin.volunteers.actions.deeds import deed
from lianxin.volunteers.models import Kit, Skill, Volunteer, new_card_code


@action
def set_offer(*, volunteer: Volunteer, skills: Sequence[Skill], free: int, by: User) -> Volunteer:
    """What he can do and when he is free, as he or his captain says."""
    volunteer = lock(Volunteer, volunteer.pk, "team", "person")
    if volunteer.person.user_id != by.pk and not may(by, "volunteers.lead", volunteer.team.path):
        raise Forbidden(_("只有本人和队长可以改。"))
    volunteer.free = free
    volunteer.save(update_fields=["free"])
    volunteer.skills.set(skills)
    note_many("volunteers.offer_set", [deed(volunteer)], by=by)
    return volunteer


@action
def renew_card(*, volunteer: Volunteer, by: User) -> Volunteer:
    """A new code, as when a card was lost; the old one proves nothing any more."""
    volunteer = _own(volunteer, by)
    volunteer.card_code = new_card_code()
    volunteer.save(update_fields=["card_code"])
    note_many("volunteers.card_renewed", [deed(volunteer)], by=by)
    return volunteer


@action
def look_at_volunteer(*, volunteer: Volunteer, by: User) -> dict[str, str]:
    """Telephone, and that of a minor's guardian, for who leads the team; the look is noted about the volunteer."""
    volunteer = lock(Volunteer, volunteer.pk, "team", "person")
    require(by, "volunteers.lead", volunteer.team.path)
    opened = look(person=volunteer.person, fields=["phone"], by=by, about=volunteer)
    return opened | look_at_guardian(person=volunteer.person, by=by, about=volunteer)


@action
def issue_kit(*, volunteer: Volunteer, kind: Kit.Kind, number: str, by: User) -> Kit:
    """He is given a piece of the kit; one of a kind at a time (rule W10)."""
    volunteer = lock(Volunteer, volunteer.pk, "team", "person")
    require(by, "volunteers.lead", volunteer.team.path)
    if volunteer.state != Volunteer.State.ACTIVE:
        raise Refused(_("只发给在册的志愿者。"))
    kit = Kit.objects.create(volunteer=volunteer, kind=kind, number=number, issued_on=clock.today(), issued_by=by)
    note("volunteers.kit_issued", kit, by=by, scope=volunteer.team.path, for_person=volunteer.person_id)
    return kit


@action
def return_kit(*, kit: Kit, by: User) -> Kit:
    """He has given it back."""
    kit = lock(Kit, kit.pk, "volunteer__team")
    require(by, "volunteers.lead", kit.volunteer.team.path)
    if kit.returned_on:
        raise Refused(_("已经登记过归还。"))
    kit.returned_on, kit.returned_to = clock.today(), by
    kit.save()
    note("volunteers.kit_returned", kit, by=by, scope=kit.volunteer.team.path, for_person=kit.volunteer.person_id)
    return kit


@action
def open_skill(*, name: str, by: User) -> Skill:
    """Put a skill on the city's list, or a closed one on it again."""
    _require_lists_skills(by)
    skill = Skill.objects.select_for_update(no_key=True).filter(name=name).order_by("pk").first()
    if skill and skill.closed_on:
        skill.closed_on = None
        skill.save(update_fields=["closed_on"])
    else:
        skill = Skill.objects.create(code=f"skill-{Skill.objects.count() + 1}", name=name)
    note("volunteers.skill_opened", skill, by=by)
    return skill


@action
def close_skill(*, skill: Skill, by: User) -> Skill:
    """Nobody is asked for it any more; who has it keeps it."""
    _require_lists_skills(by)
    skill = lock(Skill, skill.pk)
    if skill.closed_on:
        raise Refused(_("这项技能已经停用。"))
    skill.closed_on = clock.today()
    skill.save(update_fields=["closed_on"])
    note("volunteers.skill_closed", skill, by=by)
    return skill


@action
def check_card(*, code: str, address: str) -> Volunteer | None:
    """Whose card this is; trying codes that nobody has is limited by address (rule A7)."""
    limits.require_room(CHECKS_PER_ADDRESS, network(address))
    found = Volunteer.objects.select_related("person", "team").filter(card_code=code).first()
    if found is None:
        limits.count(CHECKS_PER_ADDRESS, network(address))
    return found


def _own(volunteer: Volunteer, by: User) -> Volunteer:
    volunteer = lock(Volunteer, volunteer.pk, "team", "person")
    if volunteer.person.user_id != by.pk:
        raise Forbidden(_("只有本人可以决定。"))
    return volunteer


def _require_lists_skills(by: User) -> None:
    if not reach(by, "volunteers.list_skills"):
        raise Forbidden(_("技能名录由市级管理员维护。"))

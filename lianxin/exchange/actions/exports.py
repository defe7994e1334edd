"""Taking lists away: written into the register first, made, and deleted again (rules X1 to X4)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.freezing import require_not_frozen
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.exchange.models.exports import Export
from lianxin.exchange.rules.rights import EXPORT_KEPT, MOST_SEALED_ROWS, SEALED
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.queries import reach, require
from lianxin.people.models import Person
from lianxin.users.models import User

SHORTEST_REASON = 4


@action
def want_export(
    *, listing: str, title: str, query: str, permission: str, with_sealed: bool, reason: str, rows: int, by: User
) -> Export:
    """Write down who takes which list for what; with sealed fields in it only with a permission and a reason."""
    require_not_frozen()
    paths = reach(by, permission)
    require(by, permission, *paths)
    if with_sealed:
        require(by, SEALED, *reach(by, SEALED))
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused(_("名单里有手机号或身份证号，请写明用途，本人能查到。"), field="reason")
        if rows > MOST_SEALED_ROWS:
            words = _("带手机号或身份证号的名单一次最多 %(most)d 人，请先筛选再导出。")
            raise Refused(words % {"most": MOST_SEALED_ROWS}, field="with_sealed")
    export = Export.objects.create(
        listing=listing,
        title=title,
        query=query[:500],
        with_sealed=with_sealed,
        reason=reason.strip()[:100],
        wanted_by=by,
        scope=paths[0],
        wanted_at=clock.now(),
    )
    note("exchange.export_wanted", export, by=by, scope=export.scope, listing=listing, with_sealed=with_sealed)
    return export


@action
def queue_export(*, export: Export) -> None:
    """Have a long list made by a job."""
    note("exchange.export_queued", export, by=export.wanted_by, scope=export.scope)


@action
def keep_export(*, export: Export, data: bytes, rows: int) -> Export:
    """The file is made; it waits, sealed, to be taken."""
    export = lock(Export, export.pk)
    move(export, Export.State.READY)
    export.file, export.rows = data, rows
    export.save(update_fields=["state", "file", "rows"])
    return export


@action
def note_looks(*, export: Export, people: Iterable[Person], fields: list[str], by: User) -> None:
    """Everybody whose sealed fields leave in this file can see who took them (rule P2)."""
    note_many(
        "people.looked", [Deed(export, export.scope, person.pk, {"fields": sorted(fields)}) for person in people], by=by
    )


@action
def fail_export(*, export: Export) -> Export:
    """It could not be made; the register says so."""
    export = lock(Export, export.pk)
    move(export, Export.State.FAILED)
    export.save(update_fields=["state"])
    return export


@action
def take_export(*, export: Export, by: User) -> bytes:
    """Hand the file to who wanted it; each time is noted."""
    require_not_frozen()
    export = lock(Export, export.pk)
    if export.wanted_by_id != by.pk:
        raise Forbidden(_("只有要这份表的人能下载。"))
    if export.file is None:
        raise Refused(_("文件已经按期删除，请重新导出。"))
    export.taken_at = clock.now()
    export.save(update_fields=["taken_at"])
    note("exchange.export_taken", export, by=by, scope=export.scope)
    data: bytes = export.file.open_bytes()
    return data


@action
def forget_old_exports() -> int:
    """Delete files that have waited long enough; the register stays (rule X3)."""
    old = Export.objects.filter(wanted_at__lt=clock.now() - EXPORT_KEPT, file__isnull=False)
    return old.update(file=None)

"""Long exports are made in the background: only the face knows what its lists show."""

from lianxin.console.exchange.making import make
from lianxin.exchange.models.exports import Export
from lianxin.journal.bell import on
from lianxin.journal.models import Entry


@on("exchange.export_queued")
def make_it(entry: Entry) -> None:
    """A job that was killed has kept nothing, and begins again."""
    make(Export.objects.select_related("wanted_by").defer("file").get(pk=entry.subject_id))

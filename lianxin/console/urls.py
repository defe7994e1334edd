"""Every address of the console."""

from lianxin.console import health, home, hours, journal, notices
from lianxin.console.calls import call, desk, duty, events, incoming, knowledge, log, ordering, places, promises, sheets
from lianxin.console.exchange import exports, roll, rosters
from lianxin.console.needs import after, alarms, dispatch, for_many, incidents, lists, menus, order, printing, visits
from lianxin.console.organisations import node, opening, standing_in, tree
from lianxin.console.people import applications, complaints, families, persons
from lianxin.console.security import accounts, policy, roles, slips
from lianxin.console.volunteers import ledger, members, review, volunteer

urlpatterns = [
    *home.urlpatterns,
    *alarms.urlpatterns,
    *visits.urlpatterns,
    *after.urlpatterns,
    *incidents.urlpatterns,
    *hours.urlpatterns,
    *lists.urlpatterns,
    *order.urlpatterns,
    *dispatch.urlpatterns,
    *menus.urlpatterns,
    *desk.urlpatterns,
    *call.urlpatterns,
    *ordering.urlpatterns,
    *log.urlpatterns,
    *promises.urlpatterns,
    *events.urlpatterns,
    *knowledge.urlpatterns,
    *duty.urlpatterns,
    *places.urlpatterns,
    *sheets.urlpatterns,
    *incoming.urlpatterns,
    *for_many.urlpatterns,
    *printing.urlpatterns,
    *notices.urlpatterns,
    *persons.urlpatterns,
    *families.urlpatterns,
    *applications.urlpatterns,
    *complaints.urlpatterns,
    *tree.urlpatterns,
    *node.urlpatterns,
    *opening.urlpatterns,
    *standing_in.urlpatterns,
    *ledger.urlpatterns,
    *review.urlpatterns,
    *volunteer.urlpatterns,
    *members.urlpatterns,
    *journal.urlpatterns,
    *rosters.urlpatterns,
    *roll.urlpatterns,
    *exports.urlpatterns,
    *health.urlpatterns,
    *accounts.urlpatterns,
    *roles.urlpatterns,
    *policy.urlpatterns,
    *slips.urlpatterns,
]

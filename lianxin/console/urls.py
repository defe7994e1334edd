"""Every address of the console."""

from lianxin.console import home, journal, notices, people
from lianxin.console.needs import dispatch, lists, menus, order

urlpatterns = [
    *home.urlpatterns,
    *lists.urlpatterns,
    *order.urlpatterns,
    *dispatch.urlpatterns,
    *menus.urlpatterns,
    *notices.urlpatterns,
    *people.urlpatterns,
    *journal.urlpatterns,
]

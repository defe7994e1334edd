"""待办: everything that waits for this person, over all modules, with the oldest of each."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lianxin.base.access import page
from lianxin.console.frame import backlogs, show, signed_in


@page(may="organisations.open_console")
def home(request: HttpRequest) -> HttpResponse:
    """One line for each list on which something waits; the others are named below as done."""
    found = backlogs(signed_in(request))
    todo = [(desk, waits) for desk, waits in found.items() if waits.count]
    done = [desk for desk, waits in found.items() if not waits.count]
    return show(request, "console/home/home.html", {"todo": todo, "done": done})


urlpatterns = [path("", home, name="home")]

"""The growth of the demo city, piece by piece, as jobs that stand behind all others."""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.demo.growth.pieces import do_next_piece

BEHIND_ALL_OTHERS = -10
GROW = "demo.grow"


@app.task(name=GROW, retry=3)
def grow() -> None:
    """One piece, and another job for the next: a worker that is killed goes on where it was."""
    if do_next_piece():
        grow.configure(priority=BEHIND_ALL_OTHERS).defer()


def grow_on() -> None:
    """Have the worker grow the city, unless it is at it already."""
    if not ProcrastinateJob.objects.filter(task_name=GROW, status__in=("todo", "doing")).exists():
        grow.configure(priority=BEHIND_ALL_OTHERS).defer()

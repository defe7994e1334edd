"""Every list and search page, asked many times by who works it; run by `bench.pages` in a process of its own."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

import django

from bench.pages import Measured, limit_of, report

REQUESTS = 40
Query = Mapping[str, str | int]


def main() -> None:
    """Make the city unless it stands, then ask."""
    django.setup()
    drive(sys.argv[1], sys.argv[2:])


def drive(size: str, only: list[str]) -> None:
    """Every page of `asked_of`, or those whose names are given."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from bench.city.making import make_city  # noqa: PLC0415
    from bench.city.sizes import SIZES  # noqa: PLC0415
    from lianxin.base import clock  # noqa: PLC0415
    from lianxin.base.models import Installation  # noqa: PLC0415
    from lianxin.config.static_files import collect_if_changed  # noqa: PLC0415
    from lianxin.exchange.actions.counting import count_roll  # noqa: PLC0415
    from lianxin.people.models import Person  # noqa: PLC0415
    from lianxin.users.models import User  # noqa: PLC0415
    from lianxin.volunteers.actions.counting import count_heads  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    collect_if_changed()
    Installation.objects.get_or_create(defaults={"city": "连心市"})
    if not Person.objects.exists():
        make_city(size=SIZES[size], until=clock.now())
    count_heads()
    count_roll()
    over = []
    for who, user, pages in asked_of():
        client = Client()
        client.force_login(User.objects.get(pk=user))
        for route, args, queries in pages:
            name = f"{who}: {route.partition(':')[2]}"
            if not only or any(part in name for part in only):
                found = _measured(client, reverse(route, args=args), queries)
                report(size, name, found)
                over += [name] if found.worked > limit_of(name) else []
    print(f"over their limit in processor time: {'; '.join(over) or 'none'}")


def _measured(client: Any, address: str, queries: list[Query]) -> Measured:
    client.get(address)
    counts, took, worked = [], [], []
    for query in islice(cycle(queries), max(REQUESTS, len(queries))):
        with _counted() as many:
            began, busy = perf_counter(), _processor_time()
            answer = client.get(address, query)
            took.append((perf_counter() - began) * 1_000)
            worked.append((_processor_time() - busy) * 1_000)
        assert answer.status_code == 200, (address, query, answer.status_code)
        counts.append(many())
    return Measured(min(counts), max(counts), quantiles(took, n=20)[-1], median(took), quantiles(worked, n=20)[-1])


def _processor_time() -> float:
    """Seconds of processor that we and our database connection have used."""
    from django.db import connection  # noqa: PLC0415

    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return process_time() + int(backend.split()[0]) / 1e9


@contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    from django.db import connection  # noqa: PLC0415

    asked = [0]

    def count(execute: Callable[..., Any], *about: Any) -> Any:
        asked[0] += 1
        return execute(*about)

    with connection.execute_wrapper(count):
        yield lambda: asked[0]


Page = tuple[str, list[object], list[Query]]


def asked_of() -> Iterator[tuple[str, int, list[Page]]]:
    """Who asks for which pages with which queries."""
    from lianxin.needs.models.calls import Call  # noqa: PLC0415
    from lianxin.needs.models.orders import Order  # noqa: PLC0415
    from lianxin.organisations.models import Node, Role, RoleHeld  # noqa: PLC0415
    from lianxin.people.models import Person  # noqa: PLC0415
    from lianxin.users.models import User  # noqa: PLC0415
    from lianxin.volunteers.models import Volunteer  # noqa: PLC0415

    luck = Random(1)  # noqa: S311
    people = list(Person.objects.filter(pk__gte=luck.randrange(1, 100)).order_by("-pk")[:3_000:300])
    newest = Order.objects.order_by("-pk").values_list("pk", flat=True)[0]
    words: list[Query] = [
        *({"q": person.name} for person in people),
        *({"q": person.name[:2]} for person in people[:4]),
        *({"q": piece} for piece in ("wxy", "lj", "张伟", "没有此人")),
    ]
    endings: list[Query] = [{"q": person.phone_ending} for person in people]
    paged: list[Query] = [{"page": page} for page in (1, 2, 3, 7, 20, 10**9)]
    orders: list[Query] = [
        *paged,
        *words,
        *({"q": newest - many} for many in (0, 17, 1_000)),
        *({"state": state, "page": page} for state in Order.State.values for page in (1, 5)),
        {"clock": "urgent"},
        {"q": "理发"},
        {"since": "2026-11-01", "until": "2026-11-10"},
        {"since": "2026-01-01", "until": "2026-01-02"},
        {"late": "on"},
        {"raised": "on"},
    ]
    skilled: list[Query] = [{"skill": 1}, {"skill": 3, "state": "active"}]
    team, street = Node.objects.filter(kind="team").order_by("pk")[0], Node.objects.filter(kind="street")[0]
    detachment, county = int(team.parent_id or 0), int(street.parent_id or 0)
    ledger: list[Query] = [
        *paged,
        *words,
        *endings,
        *skilled,
        *({"state": state} for state in Volunteer.State.values),
        {"team": team.name},
        {"place": street.name},
        {"at": street.pk},
        {"imported": "on"},
        {"q": "V10000077"},
    ]
    plain: list[Query] = [{}, {"page": 2}, {"page": 10**9}]
    calls: list[Query] = [
        *paged,
        *words[:6],
        *endings[:5],
        *({"kind": kind} for kind in Call.Kind.values),
        {"since": "2026-10-01", "until": "2026-10-02"},
        {"mine": "on"},
    ]
    journal: list[Query] = [
        *({"order": newest - many} for many in (0, 5_000)),
        {},
        {"day": "2026-11-02"},
        {"day": "2025-06-02"},
        {"app": "needs"},
        {"app": "hours"},
        {"actor": "工作人员"},
        {"before": 1_000},
        {"before": 100_000},
    ]
    tree: list[Query] = [
        {},
        *({"at": pk} for pk in Node.objects.filter(kind="community").values_list("pk", flat=True)[:20]),
    ]
    found: list[Query] = [*tree, {"q": "红梅"}, {"q": "hm"}, {"q": "邻里"}, {"q": "东西"}]
    counted: list[Query] = [
        {},
        {"state": "active"},
        {"skill": 1},
        {"imported": "on"},
        {"at": county},
        *words[:4],
    ]
    suggested: list[Query] = [{"q": "红梅"}, {"q": "hm"}, {"q": "社区"}, {"q": "没有此地"}]
    roll: list[Query] = [*paged, *({"words": each["q"]} for each in words), {"state": "waiting"}, {"team": team.name}]

    def held(role: Role, kind: str, number: int = 0) -> int:
        """Who holds the role on the node of that number of its kind."""
        users = list(RoleHeld.objects.filter(role=role, node__kind=kind).order_by("pk").values_list("user", flat=True))
        return users[number % len(users)]

    yield (
        "city officer",
        held(Role.CITY_OFFICER, "city"),
        [
            ("console:home", [], plain),
            ("console:orders", [], orders),
            ("console:overdue", [], plain),
            ("console:volunteers", [], ledger),
            ("console:call_log", [], calls),
            ("console:organisations", [], found),
            ("console:blank_spots", [], plain),
            ("console:roll", [], roll),
            ("console:rosters", [], plain),
            ("console:complaints", [], plain),
            ("console:objections", [], plain),
            ("console:openings", [], plain),
            ("console:volunteer_counts", [], counted),
            ("console:node", [county], plain),
            ("console:node_children", [county], plain),
            ("console:nodes_suggest", [], suggested),
            ("console:transfers", [], plain),
            ("console:kit_out", [], plain),
            ("console:skills", [], plain),
            ("console:incidents", [], plain),
            ("console:policies", [], plain),
            ("console:events", [], plain),
            ("console:knowledge", [], [*plain, {"q": "停水"}]),
            ("console:aliases", [], plain),
            ("console:duty", [], plain),
            ("console:menus", [], plain),
            ("console:exports", [], plain),
            ("console:stand_ins", [], plain),
            ("console:live", [], [{}, {"seen": "verify-3.dispatch-2"}]),
        ],
    )
    yield (
        "officer of the corps",
        held(Role.UNIT_OFFICER, "corps"),
        [
            ("console:home", [], plain),
            ("console:organisations", [], [{}, {"at": team.pk}, {"at": detachment}, {"q": "红梅"}]),
            ("console:volunteers", [], ledger),
            ("console:volunteer_counts", [], counted),
            ("console:kit_out", [], plain),
            ("console:transfers", [], plain),
        ],
    )
    yield (
        "dispatcher of the city",
        held(Role.DISPATCHER, "city"),
        [
            ("console:home", [], plain),
            ("console:dispatch", [], [{}, *words[:6], {"late": "on"}]),
            ("console:orders", [], orders),
        ],
    )
    yield (
        "dispatcher of a street",
        held(Role.DISPATCHER, "street", 3),
        [
            ("console:dispatch", [], [{}, *words[:6], {"late": "on"}]),
            ("console:orders", [], orders),
        ],
    )
    yield (
        "call operator",
        held(Role.CALL_OPERATOR, "city"),
        [
            ("console:home", [], plain),
            ("console:people", [], [*paged, *words, *endings]),
            ("console:to_confirm", [], [*plain, {"all": "1"}]),
            ("console:call_cards", [], paged),
            ("console:call_log", [], calls),
            ("console:orders", [], orders),
            ("console:visits", [], plain),
            ("console:alarms", [], plain),
            ("console:desk", [], plain),
            ("console:desk_places", [], suggested),
            ("console:call_backs", [], plain),
            ("console:shift", [], plain),
            ("console:redirected", [], [*plain, *words[:6]]),
            ("console:applications", [], plain),
            ("console:sheets", [], plain),
            ("console:order_list", [], plain),
        ],
    )
    yield (
        "station worker",
        held(Role.STATION_WORKER, "community", 7),
        [
            ("console:home", [], plain),
            ("console:verify", [], plain),
            ("console:people", [], [*paged, *words, *endings]),
            ("console:orders", [], orders),
            ("console:volunteers", [], ledger),
            ("console:to_confirm", [], [*plain, {"all": "1"}]),
            ("console:call_cards", [], paged),
            ("console:follow_ups", [], plain),
            ("console:alarms", [], plain),
            ("console:visits", [], plain),
            ("console:complaints", [], plain),
            ("console:applications", [], plain),
            ("console:contested", [], plain),
            ("console:home_visits", [], plain),
            ("console:incidents", [], plain),
            ("console:volunteer_counts", [], counted),
        ],
    )
    yield (
        "captain",
        held(Role.CAPTAIN, "team", 7),
        [
            ("console:home", [], plain),
            ("console:dispatch", [], plain),
            ("console:volunteers", [], ledger),
            ("console:review", [], plain),
            ("console:roll", [], roll),
            ("console:suggested", [], plain),
            ("console:team", [], plain),
            ("console:transfers", [], plain),
            ("console:kit_out", [], plain),
        ],
    )
    yield (
        "secretary",
        held(Role.SECRETARY, "branch", 2),
        [
            ("console:members", [], plain),
            ("console:volunteers", [], plain),
        ],
    )
    yield "auditor", held(Role.AUDITOR, "city"), [("console:journal", [], journal)]
    yield (
        "security administrator",
        held(Role.SECURITY_ADMINISTRATOR, "city"),
        [
            ("console:accounts", [], [*plain, *({"name": person.name} for person in people), {"role": "captain"}]),
            ("console:role_review", [], plain),
            ("console:slips", [], [*plain, *words]),
            ("console:proposals", [], plain),
            ("console:exports", [], plain),
        ],
    )
    yield (
        "system administrator",
        held(Role.SYSTEM_ADMINISTRATOR, "city"),
        [
            ("console:health", [], plain),
            ("console:lines", [], plain),
        ],
    )
    busy = Volunteer.objects.filter(assignments__isnull=False, person__user__isnull=False).order_by("pk")[0]
    yield (
        "volunteer",
        int(busy.person.user_id or 0),
        [
            ("site:home", [], plain),
            ("site:tasks", [], plain),
            ("site:time", [], plain),
            ("site:bank", [], plain),
            ("site:notices", [], plain),
            ("site:places", [], suggested),
            ("site:volunteer", [], plain),
            ("site:roll", [], plain),
        ],
    )
    resident = User.objects.filter(person__orders__isnull=False).order_by("pk")[0]
    yield (
        "resident",
        resident.pk,
        [
            ("site:home", [], plain),
            ("site:orders", [], plain),
            ("site:notices", [], plain),
            ("site:looks", [], plain),
            ("site:menu", [], plain),
            ("site:family", [], plain),
            ("site:comers", [], plain),
            ("site:mine", [], plain),
        ],
    )


if __name__ == "__main__":
    main()

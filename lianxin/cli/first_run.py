"""`lianxin first-run`: the city's name and its three administrators; prints a sign-in slip for each, once."""

import argparse
from collections.abc import Callable

from lianxin.base.refused import Refused
from lianxin.config import environment
from lianxin.config.cannot_start import CannotStart
from lianxin.config.founding import Founder, found_city, slips_again
from lianxin.organisations.models import Role

OPTIONS = {
    Role.SYSTEM_ADMINISTRATOR: "system",
    Role.SECURITY_ADMINISTRATOR: "security",
    Role.AUDITOR: "audit",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--city", help="the city's name; asked for when missing")
    for role, option in OPTIONS.items():
        parser.add_argument(
            f"--{option}", metavar="NAME:PHONE", help=f"who becomes {role.value}; asked for when missing"
        )
    parser.add_argument("--again", action="store_true", help="new slips for those who have not come in yet")


def run(options: argparse.Namespace, ask: Callable[[str], str] = input) -> int:
    try:
        founders = slips_again() if options.again else _found(options, ask)
    except Refused as refused:
        raise CannotStart(str(refused)) from refused
    print(f"Open {environment.url()}sign-in/slip/ and type the slip. Each works once, within 24 hours:")
    for founder in founders:
        print(f"  {Role(founder.role).label}  {founder.name}  {founder.code}")
    return 0


def _found(options: argparse.Namespace, ask: Callable[[str], str]) -> list[Founder]:
    city = options.city or ask("City: ")
    named = {role: _named(getattr(options, option), role, ask) for role, option in OPTIONS.items()}
    return found_city(city=city, administrators=named)


def _named(given: str | None, role: Role, ask: Callable[[str], str]) -> tuple[str, str]:
    if not given:
        return ask(f"{role.label} name: "), ask(f"{role.label} phone: ")
    name, colon, phone = given.partition(":")
    if not colon:
        raise CannotStart(f"{given!r} is not NAME:PHONE")
    return name, phone

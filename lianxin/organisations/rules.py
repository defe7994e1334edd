"""Who may do what: one registry, filled by each app's own table of permission and roles (docs/rules.md, roles).

A permission is a word like `needs.verify`. It is held through a role on a node and reaches over that node's subtree.
"""

from collections.abc import Mapping

from lianxin.organisations.models import Role
from lianxin.users.rules import AT_A_DESK

_roles_by_permission: dict[str, frozenset[Role]] = {}


def grant(table: Mapping[str, set[Role]]) -> Mapping[str, frozenset[Role]]:
    """Register an app's table; a permission is granted in one place only."""
    frozen = {permission: frozenset(roles) for permission, roles in table.items()}
    twice = frozen.keys() & _roles_by_permission.keys()
    if any(_roles_by_permission[permission] != frozen[permission] for permission in twice):
        raise ValueError(f"granted in two tables: {sorted(twice)}")
    _roles_by_permission.update(frozen)
    return frozen


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that hold this permission; none for a word that no table knows."""
    return _roles_by_permission.get(permission, frozenset())


def permissions() -> Mapping[str, frozenset[Role]]:
    """The whole table, as the matrix test and the demo read it."""
    return dict(_roles_by_permission)


MAY = grant(
    {
        "organisations.open_console": set(Role) - {Role.RESIDENT, Role.VOLUNTEER},
        AT_A_DESK: set(Role) - {Role.RESIDENT, Role.VOLUNTEER, Role.CAPTAIN, Role.SECRETARY},
    }
)

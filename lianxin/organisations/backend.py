"""Django's permission question, answered from the roles that a user holds."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from lianxin.organisations import queries
from lianxin.users.models import User
from lianxin.users.queries import user_who_may_be_in
from lianxin.users.sessions import user_of_the_session


class Roles(BaseBackend):
    """`user.has_perm("needs.verify")`: anywhere; `user.has_perm("needs.verify", path)`: at that path."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not user_obj.is_authenticated or not user_obj.is_active:
            return False
        return queries.may(user_obj, perm, obj) if obj else bool(queries.reach(user_obj, perm))

    def get_user(self, user_id: int) -> User | None:
        return user_of_the_session(user_id) or user_who_may_be_in(user_id)

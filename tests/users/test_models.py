import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from lianxin.base.actions import constraints_in_words
from lianxin.base.refused import Refused
from lianxin.users.models import User

pytestmark = pytest.mark.django_db

PHONE = "13800000001"


def test_two_users_cannot_share_a_phone() -> None:
    User.objects.make(PHONE)
    with pytest.raises(Refused, match="这个手机号已经有账号了，请直接登录"), constraints_in_words():
        User.objects.make(PHONE)


def test_the_phone_is_not_readable_in_the_table() -> None:
    User.objects.make(PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(users_user)::text FROM users_user")
        ((row,),) = cursor.fetchall()
    assert PHONE not in row
    assert PHONE.encode().hex() not in row


def test_a_user_is_called_by_the_ending_of_the_phone_until_a_person_claims_it() -> None:
    user = User.objects.make(PHONE)
    assert (user.display_name, str(user)) == ("尾号 0001", "尾号 0001")


def test_a_closed_user_may_do_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = User.objects.make(PHONE)
    user.is_active = False
    with django_assert_num_queries(0):
        assert not user.has_perm("users.anything")


def test_nobody_has_a_password() -> None:
    assert not User.objects.make(PHONE).has_usable_password()

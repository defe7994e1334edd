import pytest

from lianxin.base.refused import Refused
from lianxin.users import rules


@pytest.mark.parametrize(
    "typed",
    ["13800000001", "138 0000 0001", "138-0000-0001", "+86 13800000001", "8613800000001", "0086-138 0000 0001"],
)
def test_a_phone_may_be_typed_in_any_usual_way(typed: str) -> None:
    assert rules.mobile(typed) == "13800000001"


def test_full_width_digits_are_digits() -> None:
    assert rules.mobile("１３８０００００００１") == "13800000001"
    assert rules.digits_of_code("１２３ ４５６") == "123456"


@pytest.mark.parametrize("typed", ["", "1380000000", "138000000012", "12800000001", "0414-2345678", "1380000000a"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="11 位手机号码"):
        rules.mobile(typed)


def test_a_whole_short_message_may_be_pasted() -> None:
    assert rules.digits_of_code("【连心】登录验证码 123456，5 分钟内有效。工作人员不会向您要验证码。") == "123456"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_one_place_is_one_address_or_the_network_of_one_house(address: str, network: str) -> None:
    assert rules.network(address) == network

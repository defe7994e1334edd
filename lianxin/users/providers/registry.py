"""The accounts elsewhere that this installation lets people sign in with; none unless it says so."""

from django.conf import settings

from lianxin.users.providers.dingtalk import DingTalk
from lianxin.users.providers.identity import Provider
from lianxin.users.providers.oidc import OpenId
from lianxin.users.providers.wechat import WeChat

KINDS = {"oidc": OpenId, "wechat": WeChat, "dingtalk": DingTalk}


def providers() -> dict[str, Provider]:
    """By name, as `SIGN_IN_PROVIDERS` lists them."""
    return {name: KINDS[name](name=name, **facts) for name, facts in settings.SIGN_IN_PROVIDERS.items()}

"""Signing in with an account elsewhere: against providers that run here, over real HTTP (rule A9)."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey
from pytest_django import Settings

from lianxin.base.models import Use
from lianxin.users.models import Link, User
from lianxin.users.providers.dingtalk import DingTalk
from lianxin.users.providers.identity import Errand, NotProven
from lianxin.users.providers.wechat import WeChat
from tests.make import City, small_city
from tests.site.peers import OpenIdPeer, dingtalk, served, wechat
from tests.site.test_users import come_in, words

pytestmark = pytest.mark.django_db

ERRAND = Errand(state="s", nonce="n", verifier="v", back="https://city.example/sign-in/with/x/back/")


@pytest.fixture
def city() -> City:
    return small_city()


@pytest.fixture
def peer(settings: Settings) -> Iterator[OpenIdPeer]:
    made = OpenIdPeer()
    with served(made.answer) as address:
        made.issuer = address
        facts = {"words": "统一身份认证", "issuer": address, "client_id": made.client_id}
        settings.SIGN_IN_PROVIDERS = {"oidc": facts | {"client_secret": made.client_secret}}
        yield made


def leave(client: Client) -> str:
    """Off to the provider: the address there."""
    answer = client.get(reverse("site:elsewhere", args=["oidc"]))
    assert answer.status_code == 302
    return str(answer["Location"])


def back(client: Client, sent: dict[str, str]) -> Any:
    return client.get(reverse("site:back", args=["oidc"]), sent)


def there_and_back(client: Client, peer: OpenIdPeer) -> Any:
    return back(client, peer.visited(leave(client)))


def linked(client: Client, peer: OpenIdPeer, user: User) -> None:
    """The user has linked his account, which he proved by a code."""
    there_and_back(client, peer)
    come_in(client, user.phone.open())
    client.post(reverse("site:sign_out"))
    Use.objects.all().delete()


def test_it_is_off_unless_it_is_set(client: Client, city: City) -> None:
    assert "统一身份认证" not in words(client.get(reverse("site:sign_in")))
    assert client.get(reverse("site:elsewhere", args=["oidc"])).status_code == 404


def test_an_unknown_account_signs_nobody_in_and_is_linked_by_a_code(
    client: Client, city: City, peer: OpenIdPeer
) -> None:
    answer = there_and_back(client, peer)
    assert (answer.status_code, answer["Location"]) == (303, reverse("site:sign_in"))
    assert SESSION_KEY not in client.session
    assert "请先用手机验证码或登录条证明是您本人" in words(client.get(reverse("site:sign_in")))
    come_in(client, city.resident_user.phone.open())
    assert Link.objects.get().user == city.resident_user


def test_a_linked_account_signs_in(client: Client, city: City, peer: OpenIdPeer) -> None:
    linked(client, peer, city.resident_user)
    assert there_and_back(client, peer)["Location"] == reverse("site:home")
    assert client.session[SESSION_KEY] == str(city.resident_user.pk)


def test_a_desk_is_asked_for_its_second_factor_all_the_same(client: Client, city: City, peer: OpenIdPeer) -> None:
    linked(client, peer, city.worker)
    assert there_and_back(client, peer)["Location"] == reverse("site:second")
    assert client.get(reverse("console:home")).status_code == 302


def test_a_verified_phone_joins_only_where_the_installation_trusts_it(
    client: Client, city: City, peer: OpenIdPeer, settings: Settings
) -> None:
    phone = f"+86{city.resident_user.phone.open()}"
    peer.claims = {"sub": "employee-8", "phone_number": phone, "phone_number_verified": True}
    there_and_back(client, peer)
    assert SESSION_KEY not in client.session
    settings.TRUST_PROVIDERS_PHONE = True
    there_and_back(client, peer)
    assert client.session[SESSION_KEY] == str(city.resident_user.pk)


def test_an_unverified_phone_never_joins(client: Client, city: City, peer: OpenIdPeer, settings: Settings) -> None:
    settings.TRUST_PROVIDERS_PHONE = True
    peer.claims = {"sub": "employee-8", "phone_number": city.resident_user.phone.open()}
    there_and_back(client, peer)
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "employee-7", "nonce": "another"},
        {"sub": "employee-7", "aud": "another party"},
        {"sub": "employee-7", "aud": ["lianxin", "another party"]},
        {"sub": "employee-7", "iss": "https://another.example"},
        {"sub": "employee-7", "exp": int(time.time()) - 3600},
        {"sub": ""},
    ],
    ids=["nonce", "audience", "two audiences", "issuer", "expired", "nobody"],
)
def test_a_token_that_is_not_for_us_and_now_is_refused(
    client: Client, city: City, peer: OpenIdPeer, claims: dict[str, Any]
) -> None:
    peer.claims = claims
    answer = there_and_back(client, peer)
    assert (answer.status_code, "登录没有成功" in words(answer)) == (409, True)
    assert SESSION_KEY not in client.session


def test_a_token_signed_by_another_key_is_refused(client: Client, city: City, peer: OpenIdPeer) -> None:
    peer.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    assert there_and_back(client, peer).status_code == 409


def test_another_state_a_used_code_and_another_browser_are_refused(
    client: Client, city: City, peer: OpenIdPeer
) -> None:
    sent = peer.visited(leave(client))
    assert back(client, sent | {"state": "another"}).status_code == 409
    assert back(client, sent).status_code == 409, "the errand is over after one answer"
    again = peer.visited(leave(client))
    assert back(Client(), again).status_code == 409
    assert back(client, again).status_code == 303
    assert back(client, again).status_code == 409


def test_a_verifier_that_does_not_fit_is_refused(client: Client, city: City, peer: OpenIdPeer) -> None:
    sent = peer.visited(leave(client))
    session = client.session
    session["errand"] = [*session["errand"][:3], "another verifier", session["errand"][4]]
    session.save()
    assert back(client, sent).status_code == 409


def test_a_provider_that_does_not_answer_is_told_in_words(client: Client, city: City, settings: Settings) -> None:
    facts = {"words": "统一身份认证", "issuer": "http://127.0.0.1:9", "client_id": "x", "client_secret": "y"}
    settings.SIGN_IN_PROVIDERS = {"oidc": facts}
    answer = client.get(reverse("site:elsewhere", args=["oidc"]))
    assert (answer.status_code, "现在连不上统一身份认证" in words(answer)) == (409, True)


def test_wechat_is_asked_as_its_documents_say() -> None:
    with served(wechat) as address:
        provider = WeChat("wechat", "微信", "wx1", "s1", service=address)
        there = provider.address(ERRAND)
        assert there.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A")
        assert there.endswith("&response_type=code&scope=snsapi_userinfo&state=s#wechat_redirect")
        assert provider.identity(ERRAND, "right").subject == "u1"
        with pytest.raises(NotProven, match="errcode 40029"):
            provider.identity(ERRAND, "wrong")


def test_dingtalk_is_asked_as_its_documents_say() -> None:
    with served(dingtalk) as address:
        provider = DingTalk("dingtalk", "钉钉", "d1", "s1", service=address)
        assert "client_id=d1" in provider.address(ERRAND)
        assert provider.identity(ERRAND, "right").subject == "u1"
        with pytest.raises(NotProven):
            provider.identity(ERRAND, "wrong")

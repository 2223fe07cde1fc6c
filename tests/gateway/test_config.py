"""Addresses: firms by name, nothing unencrypted beyond this machine."""

from __future__ import annotations

import pytest

from tradedesk.domain.errors import InputError
from tradedesk.gateway.config import FIRMS, GatewayConfig, firm_config


def test_topstepx_has_its_own_domain() -> None:
    config = firm_config(" TopstepX ")
    assert config.rest_url == "https://api.topstepx.com"
    assert config.user_hub_url == "https://rtc.topstepx.com/hubs/user"
    assert config.market_hub_url == "https://rtc.topstepx.com/hubs/market"
    assert not config.live


@pytest.mark.parametrize("name", FIRMS)
def test_every_firm_is_encrypted(name: str) -> None:
    assert firm_config(name).is_encrypted


def test_unknown_firm_names_the_nearest() -> None:
    with pytest.raises(InputError, match="topstepx"):
        firm_config("topstep")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:9", "127.9.9.9"])
def test_plain_http_is_accepted_for_this_machine(host: str) -> None:
    url = f"http://{host}"
    assert not GatewayConfig(url, f"ws://{host}/hubs/user", f"{url}/hubs/market").is_encrypted


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://api.topstepx.com", "not encrypted"),
        ("http://192.168.0.7", "not encrypted"),
        ("http://127.0.0.1.evil.example", "not encrypted"),
        ("ftp://127.0.0.1", "cannot be used"),
        ("api.topstepx.com", "cannot be used"),
        ("https://host:x", "cannot be read"),
        ("https://host?access_token=abc", "must not carry"),
        ("https://me:secret@host", "must not carry"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_unsafe_addresses_are_refused(url: str, said: str, place: int) -> None:
    rest, user, market = (url if i == place else "https://a.example" for i in range(3))
    with pytest.raises(InputError, match=said) as caught:
        GatewayConfig(rest, user, market)
    assert "secret" not in str(caught.value)
    assert "abc" not in str(caught.value)


def test_another_certificate_is_trusted_for_this_machine_only() -> None:
    here, there = "https://127.0.0.1:7001", "https://api.topstepx.com"
    assert GatewayConfig(here, here, here, ca_file="venue.pem").ca_file == "venue.pem"
    with pytest.raises(InputError, match=r"api\.topstepx\.com is not on this machine"):
        GatewayConfig(here, there, here, ca_file="venue.pem")

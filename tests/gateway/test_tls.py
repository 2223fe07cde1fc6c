"""TLS is always verified, and nothing in the environment leads the calls elsewhere."""

from __future__ import annotations

import ssl

import pytest
from tests.gateway.clocks import FakeClock
from tests.gateway.conftest import config_for
from tests.gateway.rest_server import RestServer, ok

from tradedesk.gateway.config import FIRMS, firm_config
from tradedesk.gateway.order_side import build_order_side
from tradedesk.gateway.tls import tls_context


@pytest.mark.parametrize("firm", FIRMS)
def test_a_firm_is_verified_by_name_and_certificate(firm: str) -> None:
    context = tls_context(firm_config(firm))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.get_ca_certs()


def test_a_context_for_this_machine_trusts_nobody() -> None:
    context = tls_context(config_for("http://127.0.0.1:1"))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs() == []


async def test_proxies_and_certificates_of_the_environment_are_ignored(
    server: RestServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    server.on("/api/Order/cancel", ok())
    side = build_order_side(config_for(server.url), lambda: ("t", "k"), clock)
    await side.gateway.login()
    await side.gateway.accounts()
    assert len(server.asked) == 2
    await side.gateway.aclose()
    assert tls_context(firm_config("topstepx")).get_ca_certs()

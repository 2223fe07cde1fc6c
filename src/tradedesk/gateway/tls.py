"""The TLS context that all connections share: verified, 1.2 or newer, own CA bundle."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tradedesk.gateway.config import GatewayConfig


def tls_context(config: GatewayConfig) -> ssl.SSLContext:
    """Make the context once, at start: reading the CA bundle takes about 20 ms.

    For a venue on this machine without TLS the bundle is left out; such a context trusts nobody.
    """
    if config.is_encrypted:
        context = httpx.create_ssl_context(trust_env=False)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if config.ca_file:
        context.load_verify_locations(config.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

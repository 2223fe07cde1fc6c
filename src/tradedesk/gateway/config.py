"""Where a venue is reached."""

from __future__ import annotations

import difflib
import ipaddress
from typing import Final
from urllib.parse import urlsplit

import msgspec

from tradedesk.domain.errors import InputError

PROJECTX_FIRMS: Final = (
    "alphaticks",
    "blueguardianfutures",
    "blusky",
    "e8",
    "fundingfutures",
    "futureselite",
    "fxifyfutures",
    "goatfundedfutures",
    "thefuturesdesk",
    "tickticktrader",
    "toponefutures",
    "tx3funding",
)
"""Firms with hosts of the form ``api.<firm>.projectx.com`` and ``rtc.<firm>.projectx.com``."""

FIRMS: Final = ("topstepx", *PROJECTX_FIRMS)
"""Every name that `firm_config` knows."""

_SECURE: Final = ("https", "wss")
_PLAIN: Final = ("http", "ws")


class GatewayConfig(msgspec.Struct, frozen=True):
    """Addresses of one venue.

    Parameters
    ----------
    rest_url : str
        Base of the REST endpoints, without ``/api``.
    user_hub_url, market_hub_url : str
        The two hubs; ``https`` and ``wss`` mean the same.
    live : bool
        Data tier that contract and history requests ask for. It is not an account type: False is
        right for every simulated login, the funded ones included, and True gives silence there.
    ca_file : str
        A certificate to trust as well; only for a venue on this machine.

    Raises
    ------
    InputError
        If an address is not encrypted and not on this machine, or cannot be read, or another
        certificate is to be trusted for one elsewhere.
    """

    rest_url: str
    user_hub_url: str
    market_hub_url: str
    live: bool = False
    ca_file: str = ""

    def __post_init__(self) -> None:
        for url in (self.rest_url, self.user_hub_url, self.market_hub_url):
            _refuse_unsafe(url)
            host = urlsplit(url).hostname or ""
            if self.ca_file and not _is_loopback(host):
                raise InputError(
                    f"{host} is not on this machine: its certificate has to be one that everybody "
                    "trusts."
                )

    @property
    def is_encrypted(self) -> bool:
        """True when any address uses TLS."""
        urls = (self.rest_url, self.user_hub_url, self.market_hub_url)
        return any(urlsplit(url).scheme in _SECURE for url in urls)


def firm_config(name: str) -> GatewayConfig:
    """Addresses of a firm, e.g. ``topstepx``.

    Raises
    ------
    InputError
        If the firm is not known; names the nearest ones.
    """
    firm = name.strip().lower()
    if firm not in FIRMS:
        near = difflib.get_close_matches(firm, FIRMS, n=3) or FIRMS
        raise InputError(f"Firm {name!r} is not known: use one of {', '.join(near)}.")
    domain = "topstepx.com" if firm == "topstepx" else f"{firm}.projectx.com"
    return GatewayConfig(
        rest_url=f"https://api.{domain}",
        user_hub_url=f"https://rtc.{domain}/hubs/user",
        market_hub_url=f"https://rtc.{domain}/hubs/market",
    )


def _refuse_unsafe(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise InputError(f"Address {url!r} cannot be read: {error}.") from None
    if not host or parts.scheme not in _SECURE + _PLAIN:
        raise InputError(f"Address {url!r} cannot be used: write it as 'https://host'.")
    if parts.username or parts.password or parts.query or parts.fragment:
        # Never repeat such an address: what stands there may be a secret.
        raise InputError(f"The address of {host} must not carry a user name, query or fragment.")
    if parts.scheme in _PLAIN and not _is_loopback(host):
        raise InputError(
            f"Address {url!r} is not encrypted: use https. Plain http is accepted for this "
            f"machine (127.0.0.1) only."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

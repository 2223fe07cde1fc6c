"""Signing in, renewing at half of the token's life, and which of two answers wins."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.gateway.conftest import config_for
from tests.gateway.rest_server import Answer, ok, refused
from tests.gateway.samples import ACCOUNT, POSITION

from tradedesk.domain.errors import AuthError, GatewayError
from tradedesk.domain.ids import AccountId
from tradedesk.gateway.order_side import build_order_side
from tradedesk.gateway.rest.tokens import GivenTokens, token_life_s

if TYPE_CHECKING:
    from tests.gateway.clocks import FakeClock
    from tests.gateway.rest_server import Asked, RestServer

    from tradedesk.gateway.rest.gateway import ProjectXGateway

LOGIN = "/api/Auth/loginKey"
VALIDATE = "/api/Auth/validate"
ACCOUNTS = "/api/Account/search"
HALF_DAY = 12 * 3600


def jwt(**claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{payload}.c2ln"


@pytest.mark.parametrize(
    ("token", "life_s"),
    [
        (jwt(iat=1000, exp=1000 + 86_400), 86_400),
        (jwt(nbf=1000, exp=4600), 3600),
        (jwt(exp=8600), 3600),
        (jwt(exp=10, iat=500), 86_400),
        (jwt(sub="x"), 86_400),
        (jwt(exp="soon", iat=0), 86_400),
        ("opaque", 86_400),
        ("a.!!!.b", 86_400),
        ("a.W10.b", 86_400),
    ],
)
def test_life_of_a_token(token: str, life_s: int) -> None:
    assert token_life_s(token, now_s=5000) == life_s


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (1, "user name"),
        (2, "key"),
        (3, "user name or API key"),
        (4, "application"),
        (5, "application"),
        (6, "device"),
        (7, "agreements"),
        (9, "subscription"),
        (10, "switched key sign-in off"),
    ],
)
async def test_each_refusal_has_its_sentence(
    server: RestServer, gateway: ProjectXGateway, code: int, said: str
) -> None:
    server.on(LOGIN, refused(code, "Please log in.", token=None))
    with pytest.raises(AuthError, match=said) as caught:
        await gateway.login()
    assert "Please log in." in str(caught.value)
    assert "k-0123" not in str(caught.value)


@pytest.mark.parametrize(
    "answer", [refused(8, None, token=None), refused(99), ok(token=None), Answer({}, 503)]
)
async def test_a_fault_of_the_venue_is_no_refusal(
    server: RestServer, gateway: ProjectXGateway, answer: Answer
) -> None:
    server.on(LOGIN, answer)
    with pytest.raises(GatewayError) as caught:
        await gateway.login()
    assert not isinstance(caught.value, AuthError)


@pytest.mark.parametrize("credentials", [("", "k"), ("u", "")])
async def test_missing_credentials_are_not_sent(
    server: RestServer, clock: FakeClock, credentials: tuple[str, str]
) -> None:
    gateway = build_order_side(config_for(server.url), lambda: credentials, clock).gateway
    with pytest.raises(AuthError, match="missing"):
        await gateway.login()
    assert not server.asked
    await gateway.aclose()


async def test_login_returns_and_tells_the_token(server: RestServer, clock: FakeClock) -> None:
    told: list[str] = []
    side = build_order_side(
        config_for(server.url), lambda: ("trader", "k-0123"), clock, on_token=told.append
    )
    assert await side.gateway.login() == "token-1"
    assert told == ["token-1"]
    assert server.asked_at(LOGIN)[0].json == {"userName": "trader", "apiKey": "k-0123"}
    assert server.asked_at(LOGIN)[0].token == ""
    await side.gateway.aclose()


async def test_many_at_once_sign_in_once(server: RestServer, clock: FakeClock) -> None:
    gateway = build_order_side(config_for(server.url), lambda: ("t", "k"), clock).gateway
    await asyncio.gather(*(gateway.accounts() for _ in range(5)))
    assert len(server.asked_at(LOGIN)) == 1
    await gateway.aclose()


async def test_renewed_at_half_of_its_life_and_proven_first(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(VALIDATE, ok(newToken="token-2"))
    clock.advance(HALF_DAY - 1)
    await gateway.ping()
    assert not server.asked_at(VALIDATE)
    clock.advance(1)
    await gateway.ping()
    assert server.asked_at(VALIDATE)[0].token == "token-1"
    assert server.asked_at(ACCOUNTS)[0].token == "token-2"
    assert gateway.tokens.current == "token-2"
    clock.advance(60)
    await gateway.ping()
    assert len(server.asked_at(VALIDATE)) == 1


@pytest.mark.parametrize("status", [401, 403])
async def test_a_new_token_that_is_not_accepted_is_not_used(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock, status: int
) -> None:
    server.on(VALIDATE, ok(newToken="token-2"))
    server.on(ACCOUNTS, Answer({}, status))
    clock.advance(HALF_DAY)
    await gateway.ping()
    assert gateway.tokens.current == "token-1"
    assert gateway.tokens.is_sure
    await gateway.ping()
    assert len(server.asked_at(VALIDATE)) == 1
    clock.advance(61)
    await gateway.ping()
    assert len(server.asked_at(VALIDATE)) == 2


@pytest.mark.parametrize("new", [None, "", "token-1"])
async def test_no_new_token_keeps_the_old_one(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock, new: str | None
) -> None:
    server.on(VALIDATE, ok(newToken=new))
    clock.advance(HALF_DAY)
    await gateway.ping()
    await gateway.ping()
    assert gateway.tokens.current == "token-1"
    assert len(server.asked_at(VALIDATE)) == 1
    clock.advance(HALF_DAY / 2)
    await gateway.ping()
    assert len(server.asked_at(VALIDATE)) == 2


@pytest.mark.parametrize("answer", [refused(3), Answer(b"", 401)])
async def test_a_token_that_cannot_be_renewed_is_replaced_by_the_next_question(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock, answer: Answer
) -> None:
    server.on(VALIDATE, answer)
    server.on(LOGIN, ok(token="token-9"))
    clock.advance(HALF_DAY)
    await gateway.ping()
    await gateway.accounts()
    assert server.asked_at(ACCOUNTS)[-1].token == "token-9"


async def test_an_expired_token_is_not_sent(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(LOGIN, ok(token="token-2"))
    clock.advance(86_400)
    await gateway.accounts()
    assert server.asked_at(ACCOUNTS)[0].token == "token-2"


async def test_sleep_of_the_machine_counts(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(LOGIN, ok(token="token-2"))
    clock.wall_offset_ns += 90_000 * 10**9
    await gateway.accounts()
    assert server.asked_at(ACCOUNTS)[0].token == "token-2"


async def test_a_late_renewal_never_overwrites_a_newer_login(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    """The new login happens between the renewal's answer and its proof."""
    server.on(LOGIN, ok(token="token-of-login"))
    server.on(VALIDATE, ok(newToken="token-of-renewal"))
    renewing = asyncio.Event()

    def account(asked: Asked) -> Answer:
        assert asked.token == "token-of-renewal"
        renewing.set()
        return ok(accounts=[ACCOUNT])

    server.on(ACCOUNTS, account)
    clock.advance(HALF_DAY)
    renewal = asyncio.create_task(gateway.tokens.renew_if_due())
    login = asyncio.create_task(gateway.tokens.login())
    await asyncio.wait_for(renewing.wait(), 5)
    await asyncio.gather(renewal, login)
    assert gateway.tokens.current == "token-of-login"


async def test_with_something_open_the_renewal_is_put_off_but_not_beyond_three_quarters(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(VALIDATE, ok(newToken="token-2"))
    server.on("/api/Position/searchOpen", ok(positions=[POSITION]))
    await gateway.positions(AccountId(50012345))
    for hours, renewed in ((12, 0), (5, 0), (1, 1)):
        clock.advance(hours * 3600)
        await gateway.ping()
        assert len(server.asked_at(VALIDATE)) == renewed


async def test_flat_again_it_is_renewed_at_once(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(VALIDATE, ok(newToken="token-2"))
    server.on("/api/Position/searchOpen", ok(positions=[POSITION]), ok(positions=[]))
    await gateway.positions(AccountId(50012345))
    clock.advance(HALF_DAY)
    await gateway.ping()
    assert gateway.tokens.current == "token-1"
    await gateway.positions(AccountId(50012345))
    await gateway.ping()
    assert gateway.tokens.current == "token-2"


async def test_a_refusal_of_an_old_token_does_not_harm_its_successor(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(LOGIN, ok(token="token-2"))
    await gateway.login()
    gateway.tokens.doubt("token-1")
    assert gateway.tokens.is_sure
    assert await gateway.tokens.usable() == "token-2"
    gateway.tokens.prove("token-1")
    gateway.tokens.doubt("token-2")
    gateway.tokens.prove("token-1")
    gateway.tokens.prove("token-2")
    assert not gateway.tokens.is_sure


async def test_given_tokens_are_only_handed_on() -> None:
    given: list[str | None] = [None]
    tokens = GivenTokens(lambda: given[0])
    with pytest.raises(AuthError, match="Not signed in"):
        await tokens.usable()
    given[0] = "a"
    assert await tokens.usable() == "a"
    tokens.doubt("a")
    assert await tokens.usable() == "a"

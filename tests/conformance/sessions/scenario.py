"""The one session that every client plays, from login to leaving."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conformance.sessions.adapter import Adapter, Row, Where, Wish
from tests.conformance.sessions.heard import Heard
from tests.conformance.sessions.record import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable

PRODUCT = "MNQ"
FAR = 400
"""Ticks to the legs and resting orders: a hundred index points, out of reach for a minute."""

QUOTES, TRADES = 5, 10
"""How many of each the hub must tell."""

LIMIT, MARKET, STOP, TRAILING, JOIN_BID, JOIN_ASK = 1, 2, 4, 5, 6, 7
BUY, SELL = 0, 1
OPEN, FILLED, CANCELLED = 1, 2, 3


def main(adapter: type[Adapter]) -> None:
    """Play the scenario against the venue that the first argument describes.

    The second argument is the file to write what happened to.
    """
    ready = json.loads(sys.argv[1])
    where = Where(**{name: ready[name] for name in Where.__dataclass_fields__})
    heard = Heard()
    record = Recorder(Path(sys.argv[2]))
    asyncio.run(Session(adapter(where, heard), heard, record).play())


class Session:
    """The scenario's state: what was found, placed and filled so far."""

    def __init__(self, adapter: Adapter, heard: Heard, record: Recorder) -> None:
        self.client = adapter
        self.heard = heard
        self.record = record
        self.since = datetime.now(UTC) - timedelta(minutes=5)
        self.account = 0
        self.balance = 0.0
        self.contract = ""
        self.tick = 0.25
        self.entry = 0

    async def play(self) -> None:
        """All steps, in the order of ``STEPS``."""
        await self.sign_in()
        await self.look_up()
        await self.listen()
        await self.enter()
        await self.work()
        await self.get_out()
        await self.read_back()
        with self.record.step("leave") as step:
            step.did = await self.client.leave()

    async def sign_in(self) -> None:
        """Token, and the calls that need little else."""
        with self.record.step("login", needed=True) as step:
            await self.client.login()
            step.did = "token"
        with self.record.step("wrong_key") as step:
            step.did = f"raises {await self.client.wrong_key()}"
        with self.record.step("ping") as step:
            answer = await self.client.ping()
            assert answer == "pong", answer
            step.did = answer
        with self.record.step("validate") as step:
            assert await self.client.validate()
            step.did = "the token holds"
        with self.record.step("accounts", needed=True) as step:
            rows = await self.client.accounts()
            self.account, self.balance = rows[0]["id"], rows[0]["balance"]
            step.did, step.seen = "id, name, balance, flags", {"rows": rows}

    async def look_up(self) -> None:
        """Contracts and bars."""
        with self.record.step("contracts", needed=True) as step:
            rows = await self.client.contracts(PRODUCT)
            (found,) = [row for row in rows if row["id"].startswith(f"CON.F.US.{PRODUCT}.")]
            self.contract, self.tick = found["id"], float(found["tickSize"])
            step.did, step.seen = f"{PRODUCT} among others", {"rows": rows}
        with self.record.step("contract") as step:
            step.seen = {"row": await self.client.contract(self.contract)}
            step.did = "name, tick and its value"
        with self.record.step("available") as step:
            rows = await self.client.available()
            step.did, step.seen = "the venue's whole list", {"ids": [row["id"] for row in rows]}
        with self.record.step("history") as step:
            end = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
            start = end - timedelta(hours=1)
            bars = await self.client.minutes(self.contract, start, end)
            step.seen = {"bars": bars, "start": start, "end": end}
            step.did = "an hour of minute bars"

    async def listen(self) -> None:
        """Both hubs, and all that the market hub tells."""
        with self.record.step("market_hub", needed=True) as step:
            await self.client.open_market_hub()
            step.did = "open"
        with self.record.step("user_hub", needed=True) as step:
            await self.client.open_user_hub()
            await self.client.watch_user(self.account)
            step.did = "open, four subscriptions"
        await self.client.watch_market(self.contract)
        heard = self.heard
        with self.record.step("quotes", needed=True) as step:
            parts = {"bestBid", "bestAsk", "lastPrice"}
            await heard.until(lambda: parts <= set(heard.quote), "whole quote")
            await heard.until(lambda: heard.quotes >= QUOTES, f"{QUOTES} quotes")
            step.did, step.seen = "bid, ask and last, updated", {"quote": dict(heard.quote)}
        with self.record.step("tape") as step:
            await heard.until(lambda: len(heard.tape) >= TRADES, f"{TRADES} trades")
            step.did, step.seen = "price, size, aggressor", {"tape": heard.tape[:TRADES]}
        with self.record.step("depth") as step:
            whole = self.client.keeps_depth
            await heard.until(lambda: sides(heard.depth, reset=whole), "levels of both sides")
            first = len(heard.depth)
            await heard.until(lambda: len(heard.depth) > first, "change of the depth")
            step.did = "levels of both sides, changes"
            step.did += ", a reset before them" if whole else "; the first of them may be dropped"
            step.seen = {"depth": list(heard.depth), "whole": whole}

    async def enter(self) -> None:
        """A bracketed market order, read back from the hub and from REST."""
        with self.record.step("place", needed=True) as step:
            wish = Wish(MARKET, BUY, 2, "conformance", stop_ticks=-FAR, target_ticks=FAR)
            self.entry = await self.client.place(self.account, self.contract, wish)
            step.did = f"2 {PRODUCT} at market with stop and target{self.client.place_note}"
            step.seen = {"entry": self.entry}
        with self.record.step("order_events", needed=True) as step:
            for order, status in ((0, FILLED), (1, OPEN), (2, OPEN)):
                await self.told(self.entry + order, status=status)
            events = [[e["id"] - self.entry, e["status"]] for e in self.heard.orders[:6]]
            step.did = "stop 8, entry 6, target 8, entry 2, target 1, stop 1"
            step.seen = {"events": events, "expected": step.did}
        with self.record.step("open_orders") as step:
            rows = await self.client.working(self.account)
            step.did = f"both legs, {FAR} ticks from the fill"
            step.seen = {"rows": rows, "entry": self.entry, "ticks": FAR}
        with self.record.step("positions") as step:
            step.seen = {"rows": await self.client.positions(self.account), "entry": self.entry}
            step.did = "long 2 at the fill's average"

    async def work(self) -> None:
        """Orders that rest: moved, cancelled, refused."""
        with self.record.step("modify") as step:
            for leg, price in ((2, "limitPrice"), (1, "stopPrice")):
                event = await self.told(self.entry + leg, status=OPEN)
                to = float(event[price]) + 8 * self.tick
                limit, stop = (to, None) if price == "limitPrice" else (None, to)
                await self.client.modify(self.account, self.entry + leg, limit, stop)
                await self.told(self.entry + leg, status=OPEN, **{price: to})
            step.did = "target and stop moved by 8 ticks, told by the hub"
        with self.record.step("cancel") as step:
            below = float(self.heard.quote["bestBid"]) - FAR * self.tick
            await self.rest(Wish(LIMIT, BUY, 1, "conformance-limit", limit=below))
            step.did = "a resting limit order, told by the hub"
        with self.record.step("refusal") as step:
            wish = Wish(LIMIT, BUY, 1, "conformance-limit", limit=self.tick * 4000)
            try:
                taken = await self.client.place(self.account, self.contract, wish)
            except Exception as error:  # noqa: BLE001 - each client has an error of its own
                step.did = f"a tag used twice raises {type(error).__name__}: {error}"
            else:
                raise AssertionError(f"a tag used twice was taken as order {taken}")

    async def rest(self, wish: Wish) -> None:
        """Place an order, hear that it works, cancel it, hear that it is gone.

        One that joins the best price may be filled before.
        """
        order = await self.client.place(self.account, self.contract, wish)
        event = await self.heard.until(
            lambda: self.heard.order(order, status=OPEN) or self.heard.order(order, status=FILLED),
            f"event of {wish.tag}",
        )
        assert event["customTag"] == wish.tag, event
        try:
            await self.client.cancel(self.account, order)
        except Exception:  # noqa: BLE001 - each client has an error of its own
            await self.told(order, status=FILLED)
        else:
            await self.told(order, status=CANCELLED)

    async def get_out(self) -> None:
        """The position, first in part, then all of it; then the legs that it left behind."""
        heard = self.heard
        with self.record.step("partial_close") as step:
            await self.client.partial_close(self.account, self.contract, 1)
            await heard.until(lambda: heard.positions[-1]["size"] == 1, "smaller position")
            step.did = "1 of the 2"
        with self.record.step("close") as step:
            await self.flatten()
            legs = await self.client.working(self.account)
            for leg in legs:
                await self.client.cancel(self.account, leg["id"])
                await self.told(leg["id"], status=CANCELLED)
            step.did = f"flat; {len(legs)} legs were left working and cancelled one by one"
        with self.record.step("order_types") as step:
            last = float(heard.quote["lastPrice"])
            away = FAR * self.tick
            await self.rest(Wish(STOP, BUY, 1, "conformance-stop", stop=last + away))
            await self.rest(Wish(TRAILING, SELL, 1, "conformance-trail", trail=last - away))
            await self.rest(Wish(JOIN_BID, BUY, 1, "conformance-bid"))
            await self.rest(Wish(JOIN_ASK, SELL, 1, "conformance-ask"))
            if await self.client.positions(self.account):
                await self.flatten()
            step.did = "stop, trailing stop, join bid, join ask placed and cancelled"

    async def flatten(self) -> None:
        """Close the position, and hear and read that it is gone."""
        told = self.heard.positions
        before = len(told)
        await self.client.close(self.account, self.contract)
        await self.heard.until(
            lambda: len(told) > before and told[-1]["size"] == 0, "event of a flat position"
        )
        assert await self.client.positions(self.account) == []

    async def read_back(self) -> None:
        """Everything once more, now that nothing moves."""
        heard = self.heard
        with self.record.step("orders") as step:
            step.seen = {"rows": await self.client.orders(self.account, self.since)}
            step.did = "status, prices, fills and tags of every order"
        trades: list[Row] = []
        with self.record.step("trades") as step:
            trades = await self.client.trades(self.account, self.since)
            step.did, step.seen = "price, P&L and fees of every fill", {"rows": trades}
        with self.record.step("fill_events") as step:
            wanted = {trade["id"] for trade in trades}
            await heard.until(lambda: wanted <= {fill["id"] for fill in heard.fills}, "all fills")
            step.did, step.seen = "every fill of the session", {"rows": heard.fills}
        with self.record.step("position_events") as step:
            step.did, step.seen = "from long 2 to flat", {"rows": heard.positions}
        with self.record.step("account_events") as step:
            (row,) = await self.client.accounts()
            await heard.until(
                lambda: heard.accounts and heard.accounts[-1]["balance"] == row["balance"],
                f"account event with a balance of {row['balance']}",
            )
            step.did = "the balance after the last fill"
            step.seen = {"rows": heard.accounts, "start": self.balance}

    async def told(self, order: int, **wanted: Any) -> Row:
        """Wait for an event of an order with these values."""
        found: Callable[[], Row | None] = lambda: self.heard.order(order, **wanted)  # noqa: E731
        event: Row = await self.heard.until(found, f"event of order {order} with {wanted}")
        return event


def sides(rows: list[Row], *, reset: bool) -> bool:
    """Tell whether a book has got levels of both sides, and has been reset if that is asked."""
    types = {row["type"] for row in rows}
    return bool(types & {1, 3, 10} and types & {2, 4, 9} and (6 in types or not reset))

"""Every drill played well and badly by a scripted client over real sockets, scored by hand.

Venue time is stepped, so every figure below follows from what the client does and when. A market
entry is filled 8 ms after it was sent, its legs wake 18 ms later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.practice.drills.stepped import BUY, LIMIT, SELL, START_NS, STOP, Player, playing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

DOLLARS_PER_TICK = 0.5
FAR = 400


async def feed_frozen_well(p: Player) -> None:
    await p.enter(BUY, stop=40, target=FAR)
    await p.until_trouble()
    await p.step(3.0)
    await p.flatten()


async def feed_frozen_badly(p: Player) -> None:
    """No stop, and one more bought on a price that stands still."""
    await p.enter(BUY)
    await p.until_trouble()
    await p.step(10.0)
    await p.place(BUY)


async def stop_rejected_well(p: Player) -> None:
    """The rejection is 26 ms after the entry; the new stop works 8 ms after it was sent at 3 s."""
    await p.enter(BUY, stop=40, target=FAR)
    await p.step(2.0)
    await p.place(SELL, type=STOP, stopPrice=await p.last() - 20)


async def stop_rejected_badly(p: Player) -> None:
    await p.enter(BUY, stop=40, target=FAR)


async def flatten_well(p: Player) -> None:
    """One try in the limit, one behind it."""
    await p.enter(BUY, 2, stop=FAR, target=FAR)
    await p.until_trouble()
    await p.step(1.0)
    await p.close()
    await p.step(8.0)
    await p.flatten()


async def flatten_badly(p: Player) -> None:
    """Hammers at the limit, and closes twice behind it."""
    await p.enter(BUY, 2, stop=FAR, target=FAR)
    await p.until_trouble()
    await p.step(5.0)
    for _ in range(30):
        await p.close()
    await p.step(4.0)
    await p.close()
    await p.close()


async def lost_fill_well(p: Player) -> None:
    await p.place(BUY, type=LIMIT, limitPrice=await p.last() - 5)
    await p.until_trouble()
    await p.step(3.0)
    await p.flatten()


async def lost_fill_badly(p: Player) -> None:
    """Takes silence for a dead order and buys once more."""
    await p.place(BUY, type=LIMIT, limitPrice=await p.last() - 5)
    await p.until_trouble()
    await p.step(3.0)
    await p.place(BUY)


async def reconnect_well(p: Player) -> None:
    await p.enter(BUY, 2, stop=FAR, target=FAR)
    await p.until_trouble()
    await p.step(11.0)
    await p.flatten()


async def reconnect_badly(p: Player) -> None:
    """Sells the two that it remembers; only one is left."""
    await p.enter(BUY, 2, stop=FAR, target=FAR)
    await p.until_trouble()
    await p.step(11.0)
    assert await p.net() == 1
    await p.place(SELL, 2)


async def burst_well(p: Player) -> None:
    await p.enter(SELL, stop=60, target=FAR)


async def burst_badly(p: Player) -> None:
    """Without a stop; every close in the halt is refused, and then nothing is done."""
    await p.enter(SELL)
    await p.until_trouble()
    await p.step(8.0)
    for _ in range(20):
        answer = await p.close()
        assert answer is not None
        assert answer.json()["errorCode"] == 5
    assert await p.net() == -1


async def double_click_well(p: Player) -> None:
    await p.enter(BUY)
    await p.step(5.0)
    await p.close()


async def double_click_badly(p: Player) -> None:
    await p.enter(BUY)
    await p.step(5.0)
    await p.place(BUY)


class Hand(NamedTuple):
    """What was worked out by hand: outcome, and points by criterion; None is the loss in dollars.

    ``loss`` are dollars of the loss criterion worth 100 points and none, with its weight.
    """

    play: Callable[[Player], Awaitable[None]]
    state: str
    points: dict[str, int | None]
    loss: tuple[float, float] = (0, 1)


PLAYED = {
    # a stop of its own, flat 3.5 s after the freeze: nothing was naked
    "feed-frozen well": Hand(
        feed_frozen_well,
        "success",
        {"Protection": 100, "Way out": 100, "Loss": None, "No blind entries": 100},
        (25, 60),
    ),
    # naked for all of the 45 s; one added; two left without a stop
    "feed-frozen badly": Hand(
        feed_frozen_badly,
        "failure",
        {"Protection": 0, "Way out": 0, "Loss": None, "No blind entries": 0},
        (25, 60),
    ),
    # naked from 0.026 to 3.008 s, which is 2.982 s, below the 5 s that are worth everything
    "stop-rejected well": Hand(
        stop_rejected_well,
        "success",
        {"Time naked": 100, "First action": 100, "Loss": None, "Nothing too large": 100},
        (20, 60),
    ),
    # naked for 60 s; only the target works, for as much as is held
    "stop-rejected badly": Hand(
        stop_rejected_badly,
        "timeout",
        {"Time naked": 0, "First action": 0, "Loss": None, "Nothing too large": 100},
        (20, 60),
    ),
    # first try at 1.474 s, flat at 9.482 s after the trouble at 4.026 s; four calls
    "flatten-under-429 well": Hand(
        flatten_well,
        "success",
        {"Time until flat": 100, "First try": 100, "Patience": 100, "Never reversed": 100},
    ),
    # first try after 5.474 s: (20 - 5.474) / 16 = 0.908; 32 calls: (40 - 32) / 32 = 0.25; short 2
    "flatten-under-429 badly": Hand(
        flatten_badly,
        "failure",
        {"Time until flat": 0, "First try": 91, "Patience": 25, "Never reversed": 0},
    ),
    # naked for less than 4 s
    "lost-fill well": Hand(
        lost_fill_well,
        "success",
        {"Time naked": 100, "Loss": None, "Not bought twice": 100},
        (20, 60),
    ),
    # naked for 60 s, and two are held
    "lost-fill badly": Hand(
        lost_fill_badly,
        "timeout",
        {"Time naked": 0, "Loss": None, "Not bought twice": 0},
        (20, 60),
    ),
    # flat 11.482 s after the drop, 20 s are worth everything
    "reconnect-changed-position well": Hand(
        reconnect_well,
        "success",
        {"Exits fit again": 100, "Never reversed": 100, "Time until flat": 100, "Protection": 100},
    ),
    # short 1 with two legs that would sell two more; it ends there, so naked for no time
    "reconnect-changed-position badly": Hand(
        reconnect_badly,
        "failure",
        {"Exits fit again": 0, "Never reversed": 0, "Time until flat": 0, "Protection": 100},
    ),
    # the stop at 60 ticks does it
    "limit-up-burst well": Hand(
        burst_well,
        "success",
        {"Loss": None, "Protection": 100, "Way out": 100, "Calm hands": 100},
        (40, 120),
    ),
    # naked for 60 s, still short, 20 calls
    "limit-up-burst badly": Hand(
        burst_badly,
        "timeout",
        {"Loss": None, "Protection": 0, "Way out": 0, "Calm hands": 0},
        (40, 120),
    ),
    # one order, flat 6.008 s after it was sent
    "double-click well": Hand(
        double_click_well,
        "success",
        {"Sent once": 100, "As much as wanted": 100, "Time until flat": 100, "Nothing left": 100},
    ),
    # sent twice, two held and left
    "double-click badly": Hand(
        double_click_badly,
        "timeout",
        {"Sent once": 0, "As much as wanted": 0, "Time until flat": 0, "Nothing left": 0},
    ),
}


async def worst_loss(p: Player, told: dict[str, Any]) -> float:
    """Largest open loss since trouble, from the tape and the account's own trades alone."""
    world = p.venue.world
    contract = world.find(p.contract)
    assert contract is not None
    start_ns = START_NS + 1_000_000_000
    trouble_ns, end_ns = (start_ns + round(told[name] * 1e9) for name in ("troubleS", "atS"))
    prints = world.market.tape(contract).prints(start_ns - 1_000_000_000, end_ns)
    # of several trades at one moment the last one is the price
    lasts = dict(zip(prints.ts_ns.tolist(), prints.px.tolist(), strict=True))
    marks = [(ts_ns, 1, px, 0) for ts_ns, px in lasts.items()]
    fills = [
        (trade.ts_ns, 0, trade.px, trade.size * trade.side.sign)
        for trade in world.ledgers[p.account].trades
    ]
    net, paid, last, worst = 0, 0, 0, 0.0
    for ts_ns, _, px, size in sorted(marks + fills):
        if size and net * size < 0:
            break  # a first exit: none of the plays that count losses goes on from there
        net, paid = net + size, paid + size * px
        last = last if size else px
        if net and ts_ns >= trouble_ns:
            worst = max(worst, (paid - net * last) * DOLLARS_PER_TICK)
    return worst


def rounded(value: float) -> int:
    return int(value + 0.5)


@pytest.mark.parametrize("name", PLAYED)
async def test_a_drill_is_scored_as_by_hand(name: str) -> None:
    hand = PLAYED[name]
    async with playing(name.split()[0]) as p:
        await hand.play(p)
        told = await p.until_over()
        loss = await worst_loss(p, told)
    assert told["state"] == hand.state
    best, worst = hand.loss
    by_loss = rounded(100 * min(max((worst - loss) / (worst - best), 0), 1))
    points = {key: by_loss if value is None else value for key, value in hand.points.items()}
    criteria = told["score"]["criteria"]
    assert {one["name"]: one["points"] for one in criteria} == points
    weights = {one["name"]: one["weight"] for one in criteria}
    assert sum(weights.values()) == 100
    total = rounded(sum(points[key] * weights[key] for key in points) / 100)
    assert told["score"]["total"] == total
    well = name.endswith("well")
    assert total >= 90 if well else total <= 40
    assert told["score"]["grade"] == ("A" if well else "F")
    if None in hand.points.values():
        assert f"${loss:,.2f}" in next(c["text"] for c in criteria if c["name"] == "Loss")


@pytest.mark.parametrize("name", ["lost-fill badly", "limit-up-burst well"])
async def test_the_same_seed_and_actions_give_the_same_story(name: str) -> None:
    told = []
    for seed in (7, 7, 8):
        async with playing(name.split()[0], seed) as p:
            await PLAYED[name].play(p)
            told.append(await p.until_over())
    assert told[0] == told[1]
    assert told[0] != told[2]


async def test_faults_and_halts_end_with_the_drill() -> None:
    async with playing("feed-frozen") as p:
        await feed_frozen_well(p)
        await p.until_over()
        assert p.venue.world.faults.armed() == []
    async with playing("limit-up-burst") as p:
        await p.enter(SELL)
        await p.until_trouble()
        await p.step(7.0)
        assert (await p.place(BUY)).json()["success"] is False  # type: ignore[union-attr]
        await p.rest.control("drill_stop")
        await p.step(0.2)
        assert (await p.place(BUY)).json()["success"] is True  # type: ignore[union-attr]


async def test_an_entry_that_is_gone_before_the_trouble_is_asked_for_again() -> None:
    async with playing("feed-frozen") as p:
        await p.enter(BUY)
        await p.flatten()
        await p.step(6.0)
        assert (await p.told())["state"] == "waiting"
        await p.enter(BUY)
        await p.until_trouble()


async def test_nothing_is_scored_when_nobody_enters() -> None:
    async with playing("feed-frozen") as p:
        for _ in range(31):
            await p.step(10.0)
        told = await p.told()
    assert told["state"] == "timeout"
    assert told["score"] is None


async def test_a_drill_begins_flat_and_one_at_a_time() -> None:
    async with playing("feed-frozen") as p:

        async def start(name: str) -> dict[str, Any]:
            return await p.rest.post("/practice/control", {"action": "drill_start", "drill": name})

        refused = await start("no-such")
        assert refused["errorMessage"].startswith("There is no drill 'no-such': use one of double-")
        await p.enter(BUY)
        refused = await start("lost-fill")
        assert "flatten it before a drill begins" in refused["errorMessage"]
        assert (await p.told())["name"] == "feed-frozen"
        await p.flatten()
        assert (await start("lost-fill"))["drill"]["state"] == "waiting"
        await p.rest.control("drill_stop")
        assert (await p.told())["state"] == "stopped"
        stopped = await p.rest.post("/practice/control", {"action": "drill_stop"})
        assert stopped["errorMessage"] == "No drill runs: there is nothing to stop."

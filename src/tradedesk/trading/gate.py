"""The risk gate: pure checks that say why an order is not sent.

Exits are never blocked: an order that only shrinks a position passes every limit and every lock.
What is checked for everyone is only that the order makes sense at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.order import OrderType, Side

if TYPE_CHECKING:
    from tradedesk.domain.commands import PlaceOrder
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.safety import RiskRules

_NEEDS_LIMIT = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT})
_NEEDS_STOP = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})


class Exposure(msgspec.Struct, frozen=True):
    """What is held and what may still fill, in one account and contract.

    ``buying`` and ``selling`` count contracts of working entries and of orders on their way.
    """

    net_size: int = 0
    buying: int = 0
    selling: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The figures behind one click, collected before the gate looks at it.

    Parameters
    ----------
    exposure : Exposure
        What is held and coming.
    handled : bool
        Whether this very press was taken before.
    closed : str
        Why no entry may be sent at all now, in one sentence: a lock, or the desk's condition.
    click_age_s : float
        Seconds since the press.
    may_trade : bool
        Whether the venue lets the account trade.
    lost : str
        Tag of an order in this contract of which nobody knows what became.
    repeat_ms : float or None
        Time from the press of the order before, if that was an equal one.
    rate_wait_s : float
        Until the rate of orders allows one more.
    leaving : int
        Contracts of exits at market that were just sent and of which no answer came yet.
    """

    exposure: Exposure = Exposure()
    handled: bool = False
    closed: str = ""
    click_age_s: float = 0.0
    may_trade: bool = True
    lost: str = ""
    repeat_ms: float | None = None
    rate_wait_s: float = 0.0
    leaving: int = 0


def refuse(
    command: PlaceOrder, instrument: Instrument, standing: Standing, rules: RiskRules
) -> str:
    """Why an order is not sent, or nothing: every check of the gate, in one place.

    An exit is held to its form only, and to not being the second half of a double click that
    would open the position anew the other way.
    """
    if standing.handled:
        return "This click was handled already; nothing was sent twice."
    net = standing.exposure.net_size
    reason = refuse_form(command)
    if reason:
        return reason
    if is_exit(command, net):
        twice = command.size + standing.leaving > abs(net)
        return _refuse_repeat(standing, rules) if twice else ""
    return (
        standing.closed
        or _refuse_old(standing, rules)
        or _refuse_account(command, instrument, standing)
        or _refuse_repeat(standing, rules)
        or _refuse_rate(standing, rules)
        or refuse_entry(command, instrument, standing.exposure, rules)
    )


def is_exit(command: PlaceOrder, net_size: int) -> bool:
    """Whether the order can only shrink the position."""
    return (
        net_size != 0
        and command.stop_loss_ticks is None
        and command.take_profit_ticks is None
        and command.side.sign * net_size < 0
        and 0 < command.size <= abs(net_size)
    )


def refuse_form(command: PlaceOrder) -> str:
    """Why the order makes no sense, or nothing. Exits are held to this too."""
    if command.size < 1:
        return f"The size must be at least 1, not {command.size}."
    if command.limit_ticks is None and command.type in _NEEDS_LIMIT:
        return f"A {command.type.word.lower()} order needs a limit price."
    if command.stop_ticks is None and command.type in _NEEDS_STOP:
        return f"A {command.type.word.lower()} order needs a stop price."
    return ""


def refuse_entry(
    command: PlaceOrder, instrument: Instrument, exposure: Exposure, rules: RiskRules
) -> str:
    """Why an entry is refused by limits and prices, or nothing."""
    return (
        _refuse_size(command, instrument, exposure, rules)
        or _refuse_bracket(command, rules)
        or _refuse_price(command, instrument, rules)
    )


def _refuse_old(standing: Standing, rules: RiskRules) -> str:
    age_s = standing.click_age_s
    if not rules.max_click_age_s or age_s <= rules.max_click_age_s:
        return ""
    return f"The click came {age_s:.1f} s late, so nothing was sent; look at the price again."


def _refuse_account(command: PlaceOrder, instrument: Instrument, standing: Standing) -> str:
    if not standing.may_trade:
        return f"Account {command.account_id} may not trade; choose another one."
    if standing.lost:
        return (
            f"Nobody knows what became of order {standing.lost}; look at the venue's own page "
            f"before entering {instrument.short_name} again. Exits still go."
        )
    return ""


def _refuse_repeat(standing: Standing, rules: RiskRules) -> str:
    if standing.repeat_ms is None or standing.repeat_ms >= rules.repeat_guard_ms:
        return ""
    return (
        f"The same order was clicked {standing.repeat_ms:.0f} ms before, so this one was taken for "
        "a double click and not sent; click again if it was meant."
    )


def _refuse_rate(standing: Standing, rules: RiskRules) -> str:
    if not rules.orders_per_10_s or standing.rate_wait_s <= 0:
        return ""
    return (
        f"{rules.orders_per_10_s} orders went out in ten seconds, the most your settings allow; "
        f"wait {standing.rate_wait_s:.1f} s. Exits still go."
    )


def _refuse_size(
    command: PlaceOrder, instrument: Instrument, exposure: Exposure, rules: RiskRules
) -> str:
    if 0 < rules.max_order_size < command.size:
        return (
            f"{command.size} contracts are more than the {rules.max_order_size} allowed in one "
            "order; make it smaller or raise the limit in the settings."
        )
    coming = exposure.buying if command.side is Side.BUY else exposure.selling
    after = exposure.net_size * command.side.sign + coming + command.size
    if 0 < rules.max_position_size < after:
        held = f" ({coming} of it still working or unknown)" if coming else ""
        return (
            f"This could make {after} {instrument.short_name}{held}, more than the "
            f"{rules.max_position_size} allowed; cancel working orders or make it smaller."
        )
    if not instrument.active:
        return f"{instrument.short_name} is not active; choose the front month."
    return ""


def _refuse_bracket(command: PlaceOrder, rules: RiskRules) -> str:
    loss, profit = command.stop_loss_ticks, command.take_profit_ticks
    for word, ticks in (("stop loss", loss), ("target", profit)):
        if ticks is not None and ticks < rules.min_bracket_ticks:
            return (
                f"The {word} must be at least {rules.min_bracket_ticks} ticks from the entry, "
                f"not {ticks}."
            )
    return ""


def _refuse_price(command: PlaceOrder, instrument: Instrument, rules: RiskRules) -> str:
    seen = command.reference_ticks
    if seen is None:
        return ""
    text = instrument.tick.text
    prices = (command.limit_ticks, command.stop_ticks)
    for price in prices:
        if price is None or command.type is OrderType.TRAILING_STOP:
            continue
        band = seen * rules.price_band_percent
        if band > 0 and abs(price - seen) * 100 > band:
            return (
                f"{text(price)} is more than {rules.price_band_percent} % away from the market "
                f"at {text(seen)}; check the price."
            )
    stop = command.stop_ticks
    if command.type in {OrderType.STOP, OrderType.STOP_LIMIT} and stop is not None:
        if command.side is Side.BUY and stop <= seen:
            return (
                f"A buy stop waits above the market: {text(stop)} is not above {text(seen)}. "
                "To buy at a lower price use a limit order."
            )
        if command.side is Side.SELL and stop >= seen:
            return (
                f"A sell stop waits below the market: {text(stop)} is not below {text(seen)}. "
                "To sell at a higher price use a limit order."
            )
    return ""

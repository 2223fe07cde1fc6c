"""Top bar and status bar: whose money, how much, how old."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.services.market_desk import FeedStatus
from tradedesk.services.stress.contract import is_made_up
from tradedesk.ui import words
from tradedesk.ui.open_profit import open_profit
from tradedesk.ui.readiness import is_stale, phase_text, phase_word
from tradedesk.ui.status_bar.view_model import (
    StatusView,
    clock_entry,
    details,
    health_entries,
    quotes_entry,
    trades_entry,
    window_entry,
)
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.top_bar.account_name import short_account

if TYPE_CHECKING:
    from tradedesk.domain.events import HealthSampled
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.ports import Book, Frames
    from tradedesk.ui.status_bar.panel import StatusBar
    from tradedesk.ui.top_bar.panel import TopBar
    from tradedesk.ui.widgets.number_label import NumberLabel

_ZERO = Decimal(0)
MADE_UP = FeedStatus(connected=True, detail="")
"""The feed of the stress test, which runs on this machine."""
SIGN_IN = "sign-in"
"""Choice of the account menu that is no account."""


class MoneyPresenter:
    """Shows accounts, figures and ages."""

    def __init__(
        self,
        top: TopBar,
        status: StatusBar,
        context: DeskContext,
        frames: Frames,
    ) -> None:
        self._top = top
        self._status = status
        self._state = context.state
        self._markets = context.markets
        self._clock = context.clock
        self._frames = frames
        self._venue_note = context.venue_note
        self._may_sign_in = context.on_sign_in_requested is not None
        self._sampled_ns = 0
        top.account.offer(self._choices)

    def note_health(self, _event: HealthSampled) -> None:
        """Remember when the executor was heard."""
        self._sampled_ns = self._clock.mono_ns()

    def show(self, book: Book | None) -> None:
        """Bring both bars up to date."""
        self._show_account()
        self._show_figures()
        now = self._clock.mono_ns()
        made_up = book is not None and is_made_up(book.instrument.contract_id)
        link = MADE_UP if made_up else self._markets.status
        trades = trades_entry(
            book.trades_age_ms(now) if book else None, link, stale=is_stale(book, now)
        )
        quotes = quotes_entry(book.quotes_age_ms(now) if book else None, link)
        health = health_entries(self._state.health, now - self._sampled_ns)
        clock = clock_entry(self._markets.clock_skew_ms, self._markets.market_ns)
        self._status.show_view(
            StatusView(
                entries=(
                    ("trades", trades),
                    ("quotes", quotes),
                    *health,
                    ("clock", clock),
                    ("window", window_entry(self._frames.stats())),
                ),
                venue=self._venue_note,
                clock=words.clock(self._markets.market_ns),
                details=details(self._state.health),
            )
        )

    def _show_account(self) -> None:
        session, account = self._state.session, self._state.account
        live = session is not None and session.live
        word = "LIVE" if live else "SIM"
        name = account.name if account is not None else phase_text(session) or "no account"
        short = short_account(account.name) if account is not None else phase_word(session)
        choice = len(self._accounts()) > 1 or self._may_sign_in
        self._top.show_account(f"{word}  {short or name}", live=live, choice=choice)
        self._top.account.setToolTip(name)

    def _show_figures(self) -> None:
        account = self._state.account
        top = self._top
        if account is None:
            for stat in (top.balance, top.day, top.open):
                stat.value.show_text(words.NONE, Tone.LABEL)
            return
        top.balance.value.show_text(words.money(account.balance, signed=False), Tone.TEXT)
        self._figure(top.day.value, self._state.day_pnl(self._markets.market_ns))
        total, stale = open_profit(self._state, self._markets, self._clock.mono_ns())
        self._figure(top.open.value, total, stale=stale)

    def _figure(self, label: NumberLabel, value: Decimal, *, stale: bool = False) -> None:
        tone = Tone.PROFIT if value > 0 else Tone.LOSS if value < 0 else Tone.TEXT
        label.show_text(words.money(value), Tone.LABEL if stale else tone)

    def _choices(self) -> list[tuple[str, str]]:
        sign_in = [(SIGN_IN, "Sign in to a firm…")] if self._may_sign_in else []
        return [*self._accounts(), *sign_in]

    def _accounts(self) -> list[tuple[str, str]]:
        return [
            (
                str(account.account_id),
                f"{account.name}   {words.money(account.balance, signed=False)}"
                + ("" if account.can_trade else "   may not trade"),
            )
            for account in self._state.accounts.values()
            if account.visible
        ]

"""What the window remembers, and what the settings say."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from tests.ui.fakes.desk import FakeDesk

from tradedesk.domain.settings import Settings
from tradedesk.ui.memory import BracketTemplate, WindowMemory
from tradedesk.ui.ticket.layout import bracket_templates


def test_the_first_start_takes_its_values_from_the_settings() -> None:
    wanted = Settings(
        symbol="ES",
        timeframe="5m",
        order_size=3,
        bracket_on=False,
        stop_ticks=12,
        target_ticks=24,
    )
    first = WindowMemory.first(wanted)
    assert (first.symbol, first.interval, first.size) == ("ES", "5m", 3)
    assert (first.bracket_on, first.bracket) == (False, BracketTemplate(12, 24))


def test_settings_and_memory_share_no_name_but_the_first_values() -> None:
    both = {f.name for f in msgspec.structs.fields(Settings)} & {
        f.name for f in msgspec.structs.fields(WindowMemory)
    }
    assert both == {"symbol", "bracket_on"}, "these are where the first start takes them from"


def test_a_remembered_size_above_a_lowered_limit_is_cut(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(memory={"size": 80})
    assert desk.window.widgets.ticket.entered.quantity == "50"


def test_the_menu_offers_the_bracket_of_the_settings_once() -> None:
    texts = [b.text for b in bracket_templates(Settings(stop_ticks=12, target_ticks=36))]
    assert texts == ["8 / 16 t", "12 / 36 t", "20 / 40 t", "20 / 0 t", "40 / 80 t"]
    assert len(bracket_templates(Settings())) == 4


def test_the_menu_offers_nothing_below_the_least_distance() -> None:
    texts = [b.text for b in bracket_templates(Settings(min_bracket_ticks=10))]
    assert texts == ["20 / 40 t", "20 / 0 t", "40 / 80 t"]

"""How often a change is asked about that nobody could settle at first."""

from __future__ import annotations

from tests.fakes.fake_venue import ACCOUNT, MNQ

from tradedesk.domain.commands import ClosePosition
from tradedesk.trading.change_inquiry import Act, ChangeInquiry
from tradedesk.trading.change_sight import Sight
from tradedesk.trading.limits import Timings, ns

TIMINGS = Timings()


def watched(looked_s: float) -> ChangeInquiry:
    command = ClosePosition("1", 0, account_id=ACCOUNT, contract_id=MNQ.contract_id)
    inquiry = ChangeInquiry(command, TIMINGS, 0, asked_before=True)
    inquiry.looked(ns(looked_s), ns(looked_s), clean=True, hub_since_ns=0)
    return inquiry


def test_a_position_that_stands_still_is_asked_about_slowly() -> None:
    step = watched(30).next(Sight.BEFORE, ns(31))
    assert (step.act, step.wait_ns) == (Act.WAIT, ns(TIMINGS.search_slow_s - 1))


def test_a_position_that_has_just_moved_is_looked_at_again_soon() -> None:
    inquiry = watched(50)
    step = inquiry.next(Sight.ON_ITS_WAY, ns(51))
    assert (step.act, step.wait_ns) == (Act.WAIT, ns(TIMINGS.search_every_s - 1))
    assert inquiry.next(Sight.ON_ITS_WAY, ns(50 + TIMINGS.search_every_s)).act is Act.LOOK

"""The table of legal moves."""

from __future__ import annotations

import itertools

import pytest
from tests.store.test_journal import intent

from tradedesk.domain.events import IntentState
from tradedesk.domain.ids import OrderId
from tradedesk.domain.stamps import Stamps
from tradedesk.trading.intent_states import LEGAL, IllegalMoveError, advance, stamped


@pytest.mark.parametrize(("old", "new"), list(itertools.product(IntentState, repeat=2)))
def test_every_move_is_either_in_the_table_or_refused(old: IntentState, new: IntentState) -> None:
    before = intent(1, old)
    if new in LEGAL[old]:
        after = advance(before, new, order_id=OrderId(9))
        assert (after.state, after.order_id, after.tag) == (new, 9, before.tag)
    else:
        with pytest.raises(IllegalMoveError, match=f"from {old} to {new}"):
            advance(before, new)


def test_nothing_leads_out_of_a_denied_intent() -> None:
    assert not LEGAL[IntentState.DENIED]


def test_an_accepted_order_never_becomes_unknown_again() -> None:
    assert LEGAL[IntentState.ACCEPTED] == {IntentState.REJECTED, IntentState.UNKNOWN}


def test_only_a_state_that_was_never_sent_or_is_absent_can_be_sent_again() -> None:
    again = {state for state, moves in LEGAL.items() if IntentState.ARMED in moves}
    assert again == {IntentState.ABSENT, IntentState.NOT_SENT}


def test_a_move_without_an_order_id_keeps_the_one_there_was() -> None:
    known = advance(intent(1), IntentState.ACCEPTED, order_id=OrderId(7))
    assert known.order_id == 7
    assert advance(intent(1), IntentState.UNKNOWN).order_id is None


def test_the_first_stamp_counts() -> None:
    stamps = stamped(Stamps(press=1), reply=5)
    assert stamped(stamps, reply=9, fill=7) == Stamps(press=1, reply=5, fill=7)

"""Chords that are held act once, as an X server tells them."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pytest

from tradedesk.ui.held_chords import KIND, HeldChords, XKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

PRESS, RELEASE, MOTION = 2, 3, 6
SHIFT, CONTROL, NUM_LOCK = 0x1, 0x4, 0x10
X_KEY = 53


@pytest.fixture
def chords(qapp: QApplication) -> HeldChords:
    return HeldChords(qapp)


def told(
    chords: HeldChords, what: int, ms: int, *, key: int = X_KEY, state: int = SHIFT | CONTROL
) -> bool:
    """Whether Qt never hears of an event."""
    event = XKeyEvent(response_type=what, detail=key, time=ms, state=state)
    return chords.nativeEventFilter(KIND, ctypes.addressof(event))[0]


def test_fields_stand_where_the_protocol_has_them() -> None:
    assert XKeyEvent.time.offset == 4
    assert XKeyEvent.state.offset == 28


def test_a_held_chord_is_pressed_once(chords: HeldChords) -> None:
    assert not told(chords, PRESS, 1_000)
    for ms in (1_500, 1_540, 1_580):
        assert not told(chords, RELEASE, ms)
        assert told(chords, PRESS, ms), "the other half of the same repetition"
    assert not told(chords, RELEASE, 1_600)
    assert not told(chords, PRESS, 1_700), "pressed once more by hand"


def test_other_keys_that_are_held_go_on_repeating(chords: HeldChords) -> None:
    for state in (0, SHIFT, CONTROL, NUM_LOCK):
        assert not told(chords, RELEASE, 1_500, state=state)
        assert not told(chords, PRESS, 1_500, state=state)
    assert told(chords, PRESS, 1_500, state=SHIFT | CONTROL | NUM_LOCK)


def test_two_keys_at_the_same_moment_are_no_repetition(chords: HeldChords) -> None:
    assert not told(chords, RELEASE, 1_500, key=X_KEY)
    assert not told(chords, MOTION, 1_500, key=X_KEY)
    assert not told(chords, PRESS, 1_500, key=X_KEY + 1)


def test_messages_of_other_systems_are_not_read(chords: HeldChords) -> None:
    assert chords.nativeEventFilter(b"windows_generic_MSG", 0) == (False, 0)

"""Indicators in the chart's menu: everything that legends and dialogs do, by keys as well."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tradedesk.ui.chart.pane_plan import pane_keys
from tradedesk.ui.chart.panes import VOLUME
from tradedesk.ui.chart.studies.legend_rows import Deed
from tradedesk.ui.chart.study_look import PRICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.studies.live_study import LiveStudy
    from tradedesk.ui.chart.studies.study_set import StudySet


class StudyMenu:
    """Fills a menu with what is on the chart now."""

    def __init__(
        self,
        studies: StudySet,
        looks: Looks,
        choose: Callable[[], None],
        do: Callable[[str, Deed], None],
        fit: Callable[[str, bool], None],
    ) -> None:
        self._studies, self._looks = studies, looks
        self._choose, self._do, self._fit = choose, do, fit

    def fill(self, menu: QMenu) -> None:
        """Add the sub-menu."""
        inside = menu.addMenu("Indicators")
        inside.addAction("Add indicator…").triggered.connect(lambda: self._choose())
        moment = self._studies.hovered_moment()
        if moment is not None:
            inside.addAction("VWAP from this bar").triggered.connect(
                lambda: self._studies.add(f"anchored_vwap({moment}, 1, without_flow=hlc3)")
            )
        found = self._studies.book.studies
        panes = pane_keys(self._looks.now)
        if found:
            inside.addSeparator()
        for study in found:
            self._fill_study(inside.addMenu(study.title), study, panes)
        if VOLUME in panes and len(panes) > 1:
            self._fill_pane(inside.addMenu("Volume"), VOLUME, panes)

    def _fill_study(self, menu: QMenu, study: LiveStudy, panes: tuple[str, ...]) -> None:
        key = study.look.key
        if study.indicator is not None:
            menu.addAction("Settings…").triggered.connect(partial(self._act, key, Deed.SETTINGS))
            deed = Deed.SHOW if study.look.hidden else Deed.HIDE
            menu.addAction(deed.value).triggered.connect(partial(self._act, key, deed))
        menu.addAction("Remove").triggered.connect(partial(self._act, key, Deed.REMOVE))
        if study.look.pane != PRICE:
            menu.addSeparator()
            self._fill_scale(menu, study.look.pane)
            self._fill_pane(menu, study.look.pane, panes)

    def _fill_scale(self, menu: QMenu, pane: str) -> None:
        hand = self._studies.book.hand_of(pane)
        if hand is not None:
            action = menu.addAction("Automatic scale")
            action.setCheckable(True)
            action.setChecked(hand.auto_y)
            action.toggled.connect(partial(self._fit, pane))

    def _fill_pane(self, menu: QMenu, pane: str, panes: tuple[str, ...]) -> None:
        place = panes.index(pane)
        for text, by, can in (
            ("Move pane up", -1, place > 0),
            ("Move pane down", 1, place < len(panes) - 1),
        ):
            action = menu.addAction(text)
            action.setEnabled(can)
            action.triggered.connect(partial(self._move, pane, by))
        menu.addAction("Close pane").triggered.connect(partial(self._close, pane))

    def _act(self, key: str, deed: Deed, _checked: bool = False) -> None:
        self._do(key, deed)

    def _move(self, pane: str, by: int, _checked: bool = False) -> None:
        self._studies.move_pane(pane, by)

    def _close(self, pane: str, _checked: bool = False) -> None:
        self._studies.close_pane(pane)

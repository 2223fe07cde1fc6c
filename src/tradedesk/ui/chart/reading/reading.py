"""How a chart's bars are read: their style, the sessions they lie in, volume at each price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.flow import TapeFlow
from tradedesk.ui.chart.reading.profiles import Profiles
from tradedesk.ui.chart.reading.sessions import Sessions
from tradedesk.ui.chart.reading.styles import BarStyles

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tradedesk.services.tape import ContractTape
    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.tool import Tool


class Reading:
    """Draws by the look and offers its choices in the chart's menu.

    Attributes
    ----------
    tools : list of Tool
        Drag fixed ranges; they come behind those of orders.
    """

    def __init__(self, stage: Stage, looks: Looks) -> None:
        self._stage = stage
        self.flow = TapeFlow(stage.model)
        self.styles = BarStyles(stage, looks, self.flow)
        self.sessions = Sessions(stage, looks)
        self.profiles = Profiles(stage, looks, self.flow, self.sessions.days)
        self.tools: list[Tool] = [self.profiles.tool]

    def fill(self, menu: QMenu) -> None:
        """Add the sub-menus."""
        self.styles.fill(menu)
        self.sessions.fill(menu)
        self.profiles.fill(menu)

    def take_tape(self, tape: ContractTape | None) -> None:
        """The live trades of the contract on the chart; None where there are none."""
        self.flow.take_tape(tape)
        self._stage.view_changed()

    def catch_up(self, now_ns: int) -> None:
        """Once a frame: levels by what has traded since; profiles of it now and then."""
        self.sessions.catch_up()
        self.profiles.catch_up(now_ns)

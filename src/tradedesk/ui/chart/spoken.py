"""What a chart shows in words, for those who have it read to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.services.chart_line import LineKind

if TYPE_CHECKING:
    from tradedesk.services.chart_line import ChartLine
    from tradedesk.ui.chart.stage import Stage

_EVERY_NS: Final = 1_000_000_000


class Spoken:
    """Keeps name and description of the chart's view current, at most once a second."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._told_ns: int | None = None
        self._tell()

    def frame(self, now_ns: int) -> None:
        """Once a frame, at monotonic `now_ns`."""
        if self._told_ns is None or now_ns - self._told_ns >= _EVERY_NS:
            self._told_ns = now_ns
            self._tell()

    @property
    def name(self) -> str:
        """``Chart of MNQZ6, 5 minutes``."""
        model = self._stage.model
        if model.instrument is None:
            return "Chart without a contract"
        size = "" if model.spec is None else f", bars of {model.spec.label}"
        return f"Chart of {model.instrument.name}{size}"

    @property
    def description(self) -> str:
        """Last price, position, what is followed, how prices are drawn; a sentence each."""
        model = self._stage.model
        market, view = model.market, model.viewport
        said = []
        if market.last_ticks is not None:
            stale = ", stale" if market.stale else ""
            said.append(f"Last price {model.price_text(market.last_ticks)}{stale}")
        elif not len(model.series):
            said.append("No bars yet")
        lines = self._stage.moves.lines
        held = [_words(line) for line in lines if line.kind is LineKind.POSITION]
        said += held or ["No position"]
        orders = sum(line.kind is not LineKind.POSITION for line in lines)
        if orders:
            said.append(f"{orders} order{'s' if orders > 1 else ''} on the chart")
        said.append("Follows live" if view.following else "Scrolled back, End follows live")
        if view.form.logarithmic:
            said.append("Logarithmic scale")
        if view.form.inverted:
            said.append("Inverted scale")
        return ". ".join(said) + "."

    def _tell(self) -> None:
        view, name, words = self._stage.view, self.name, self.description
        if name != view.accessibleName():
            view.setAccessibleName(name)
        if words != view.accessibleDescription():
            view.setAccessibleDescription(words)


def _words(line: ChartLine) -> str:
    return " ".join(part.text for part in line.parts)

"""Which bars and which prices are in view. No painting, no Qt."""

from __future__ import annotations

from math import ceil, floor, log1p
from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.columns import XMap, YMap
from tradedesk.ui.chart.price_form import LEAST_TICKS, PriceForm

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_SPACING: Final = 8.0
MARGIN_SHARE: Final = 0.12
_TAG_ROOM: Final = 176.0
"""Pixels right of the newest bar that hold the tags of lines, where the plot is wide enough."""
_WIDEST: Final = 120.0
_FEWEST_BARS_LEFT: Final = 3
_EDGE_SHARE: Final = 0.08
_LEAST_TICKS: Final = 8.0
_MOST_TICKS: Final = 2.0**31
_MOST_HEIGHT: Final = 11.0
"""Half of a logarithmic scale from one tick to the largest price."""


class Viewport:
    """Bar spacing, right edge and price range of a chart.

    x is counted in bars (bar i has its centre at i) and logical pixels from the left of the plot;
    y in ticks and logical pixels from its top.

    Attributes
    ----------
    spacing : float
        Pixels a bar.
    right : float
        Bar position at the right edge of the plot.
    base : int
        The bar from which pixel columns are counted; moves with the bars.
    following : bool
        The newest bar is kept about 12 % away from the right edge.
    auto_y : bool
        The price range is fitted to what is in view.
    fixed : set of str
        Keys of the panes below whose scale was set by hand.
    form : PriceForm
        Even or logarithmic prices, upwards or downwards.
    y_low, y_high : float
        Lowest and highest price in view, ticks; on an inverted scale the lowest is at the top.
    """

    def __init__(self) -> None:
        self.width = 1.0
        self.height = 1.0
        self.top_room = 0.0
        self.rows = 0
        self.spacing = DEFAULT_SPACING
        self.right = 0.0
        self.base = 0
        self.following = True
        self.auto_y = True
        self.fixed: set[str] = set()
        self.form = PriceForm()
        self.y_low = 0.0
        self.y_high = 1.0

    # --- reading ------------------------------------------------------------------------------

    def x_of(self, bar: float) -> float:
        """Pixel of a bar position."""
        return self.width - (self.right - bar) * self.spacing

    def bar_at(self, x: float) -> float:
        """Bar position at a pixel."""
        return self.right - (self.width - x) / self.spacing

    def row_at(self, x: float) -> int | None:
        """The bar at a pixel; None outside of all bars."""
        row = floor(self.bar_at(x) + 0.5)
        return row if 0 <= row < self.rows else None

    def ticks_at(self, y: float) -> float:
        """Price in ticks, with fraction, at a pixel."""
        low, high = self._heights
        share = y / self.height
        return self.form.ticks(high - (1 - share if self.form.inverted else share) * (high - low))

    def visible_rows(self) -> tuple[int, int]:
        """First row in view and the one behind the last."""
        first = max(0, int(self.bar_at(0)))
        stop = min(self.rows, int(self.right) + 1)
        return first, max(first, stop)

    def xmap(self, ratio: float) -> XMap:
        """Bars to device pixel columns."""
        scale = self.spacing * ratio
        left = self.width * ratio - (self.right - self.base) * scale
        # Rounded to what matters first: which side of a half it is must not depend on the rows.
        return XMap(scale, round(round(left, 6)), self.base)

    def ymap(self, ratio: float) -> YMap:
        """Ticks to device pixel rows."""
        low, high = self._heights
        scale = self.height * ratio / (high - low)
        if self.form.inverted:
            return YMap(-scale, -low * scale, self.form.logarithmic)
        return YMap(scale, high * scale, self.form.logarithmic)

    # --- changing x ---------------------------------------------------------------------------

    def resize(self, width: float, height: float, top_room: float) -> None:
        """The plot has another size; the right edge stays."""
        self.width, self.height, self.top_room = max(1.0, width), max(1.0, height), top_room
        self._settle_x()

    def set_rows(self, rows: int, moved_by: int = 0) -> None:
        """There are `rows` bars now, and those known before are `moved_by` rows further right.

        No bar changes its place on the screen by that.
        """
        self.rows = rows
        self.right += moved_by
        self.base += moved_by
        self._settle_x()

    @property
    def across(self) -> float:
        """Bars that the plot is wide."""
        return self.width / self.spacing

    @property
    def wants_older(self) -> int:
        """How many more bars should stand in front: none unless the first one is near."""
        return ceil(2 * self.across) if self.bar_at(0) < self.across else 0

    def zoom(self, factor: float, x: float | None = None, *, whole_pixels: bool = False) -> None:
        """Make bars `factor` times wider, with what is at pixel `x` staying there.

        Without `x` the newest bar stays while following, the right edge otherwise. With
        `whole_pixels` spacings of some pixels are rounded, which makes gaps even.
        """
        spacing = min(max(self.spacing * factor, self._smallest()), _WIDEST)
        if whole_pixels and spacing >= 4:
            step = 1 if factor > 1 else -1
            rounded = float(round(spacing))
            spacing = rounded if rounded != self.spacing else max(4.0, rounded + step)
            spacing = min(spacing, _WIDEST)
        if x is not None:
            anchor = self.bar_at(x)
            self.spacing = spacing
            self.right = anchor + (self.width - x) / spacing
            self._after_move()
        else:
            self.spacing = spacing
        self._settle_x()

    def pan(self, dx: float) -> None:
        """Move the bars `dx` pixels to the right."""
        self.right -= dx / self.spacing
        self._after_move()
        self._settle_x()

    def follow(self) -> None:
        """Back to the newest bar."""
        self.following = True
        self._settle_x()

    def reset(self) -> None:
        """Default spacing, newest bar, all scales fitted."""
        self.spacing = DEFAULT_SPACING
        self.auto_y = True
        self.fixed.clear()
        self.follow()

    def show_right(self, bar: float) -> None:
        """Put a bar position at the right edge and stop following."""
        self.following = False
        self.right = bar
        self._settle_x()

    # --- changing y ---------------------------------------------------------------------------

    def fit(self, low: float, high: float, extra: Iterable[float] = ()) -> bool:
        """Show `low` to `high`; tells whether anything changed. Does nothing in manual scale.

        Prices of `extra` are taken in if they lie within one screen height of the bars.
        """
        if not self.auto_y:
            return False
        reach = max(high - low, _LEAST_TICKS)
        least = LEAST_TICKS if self.form.logarithmic else low - reach
        near = [price for price in extra if max(least, low - reach) <= price <= high + reach]
        low, high = min([low, *near]), max([high, *near])
        if high - low < _LEAST_TICKS:
            middle = (high + low) / 2
            low, high = middle - _LEAST_TICKS / 2, middle + _LEAST_TICKS / 2
        pad = self.height * _EDGE_SHARE
        top = max(pad, min(self.top_room, self.height / 4))
        low, high = self.form.up(low), self.form.up(high)
        per_px = (high - low) / max(1.0, self.height - pad - top)
        below, above = (top, pad) if self.form.inverted else (pad, top)
        return self._set_heights(low - below * per_px, high + above * per_px)

    def pan_y(self, dy: float) -> None:
        """Move prices `dy` pixels down; fixes the scale."""
        low, high = self._heights
        shift = dy / self.height * (high - low) * (-1 if self.form.inverted else 1)
        self.auto_y = False
        self._set_heights(low + shift, high + shift)

    def scale_y(self, factor: float) -> None:
        """Show `factor` times as much around the middle; fixes the scale."""
        low, high = self._heights
        middle, half = (low + high) / 2, (high - low) / 2 * factor
        least = log1p(1.0 / self.form.ticks(middle)) if self.form.logarithmic else 1.0
        most = _MOST_HEIGHT if self.form.logarithmic else _MOST_TICKS
        half = min(max(half, least), most)
        self.auto_y = False
        self._set_heights(middle - half, middle + half)

    def fix(self, low: float, high: float) -> None:
        """Show `low` to `high` from now on, as far as that can be."""
        least = LEAST_TICKS if self.form.logarithmic else -_MOST_TICKS
        low = min(max(low, least), _MOST_TICKS)
        high = min(max(high, low + 2.0), low + 2 * _MOST_TICKS)
        self.auto_y = False
        self._set_heights(self.form.up(low), self.form.up(high))

    def take_form(self, form: PriceForm) -> None:
        """Draw prices in another form; what is in view stays in view as far as it can."""
        self.form = form
        if form.logarithmic:
            self.y_low = max(self.y_low, LEAST_TICKS)
            if self.y_high <= self.y_low:
                self.y_high = 2 * self.y_low

    # --- keeping within limits ----------------------------------------------------------------

    @property
    def live_right(self) -> float:
        """Where the right edge is while following."""
        return self.rows - 0.5 + self.margin / self.spacing

    @property
    def margin(self) -> float:
        """Pixels kept free right of the newest bar while following."""
        return max(self.width * MARGIN_SHARE, min(_TAG_ROOM, self.width * 0.2))

    def _after_move(self) -> None:
        self.following = self.right >= self.live_right - 1e-9

    def _settle_x(self) -> None:
        self.spacing = min(max(self.spacing, self._smallest()), _WIDEST)
        if self.following:
            self.right = self.live_right
            return
        across = self.width / self.spacing
        least = min(_FEWEST_BARS_LEFT, max(1, self.rows))
        lowest = least - 0.5
        highest = max(self.rows - 0.5 - least + across, lowest)
        self.right = min(max(self.right, lowest), highest)

    def _smallest(self) -> float:
        """Spacing at which all bars fill the plot, or the default where there are few."""
        room = self.width - self.margin
        return min(DEFAULT_SPACING / 4, room / max(1, self.rows))

    @property
    def _heights(self) -> tuple[float, float]:
        """Lower and upper bound of the prices in view as the form counts."""
        return self.form.up(self.y_low), self.form.up(self.y_high)

    def _set_heights(self, low: float, high: float) -> bool:
        if self.form.logarithmic:
            # Neither below one tick nor beyond what a price can be.
            lowest, highest = self.form.up(LEAST_TICKS), self.form.up(_MOST_TICKS)
            across = min(high - low, highest - lowest)
            low = min(max(low, lowest), highest - across)
            high = low + across
        found = (self.form.ticks(low), self.form.ticks(high))
        if found == (self.y_low, self.y_high):
            return False
        self.y_low, self.y_high = found
        return True

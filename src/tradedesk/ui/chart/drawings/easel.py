"""What is drawn on one chart and what is being done to it. No painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tradedesk.domain.errors import InputError
from tradedesk.services.drawings.book import DrawingBook
from tradedesk.services.drawings.risk_plan import SizeRules
from tradedesk.services.drawings.shelf import DrawingShelf
from tradedesk.ui.chart.drawings.mapping import Mapping
from tradedesk.ui.chart.drawings.modes import DEFAULT_STYLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import ContractId
    from tradedesk.services.drawings.drawing import Drawing, Kind, Style
    from tradedesk.ui.chart.drawings.modes import Mode
    from tradedesk.ui.chart.model import ChartModel


class Watch:
    """Hears of the changes of one book at a time."""

    def __init__(self) -> None:
        self._leave: Callable[[], None] = lambda: None

    def begin(self, book: DrawingBook, changed: Callable[[], None]) -> None:
        """Hear of this book from now on, and no more of the one before."""
        self._leave()
        self._leave = book.subscribe(changed)

    def end(self) -> None:
        """Hear nothing more."""
        self._leave()


class Easel(QObject):
    """The book of the contract on the chart, the tool in hand, the selection, the draft.

    Signals
    -------
    changed()
        Something is to be shown otherwise.
    placed()
        A drawing was placed by hand, and is in the book.
    trouble(str)
        A sentence why something cannot be done.

    Attributes
    ----------
    draft : Drawing or None
        One that is being placed, or one of the book as it would be after the drag under way.
    rules : SizeRules
        What risk boxes are sized by.
    version : int
        Rises with every change.
    """

    changed = Signal()
    placed = Signal()
    trouble = Signal(str)

    def __init__(self, model: ChartModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mapping = Mapping(model)
        self.book = DrawingBook()
        self.mode: Mode | None = None
        self.keeps_mode = False
        self.selected: str | None = None
        self.draft: Drawing | None = None
        self.rules = SizeRules()
        self.magnet = False
        self.all_hidden = False
        self.version = 0
        self._styles = dict(DEFAULT_STYLES)
        self._shelf = DrawingShelf()
        self._contract_id: ContractId | None = None
        self._watch = Watch()
        # A book outlives the charts that show it, and must not call one that is gone.
        self.destroyed.connect(self._watch.end)

    # --- whose drawings -----------------------------------------------------------------------

    def keep_in(self, shelf: DrawingShelf) -> None:
        """Take books from another shelf, from now on."""
        self._shelf = shelf
        wanted, self._contract_id = self._contract_id, None
        self.show_contract(wanted)

    def show_contract(self, contract_id: ContractId | None) -> None:
        """Show the drawings of a contract; nothing that is under way goes over to it."""
        if contract_id == self._contract_id:
            return
        self._contract_id = contract_id
        self.selected = self.draft = None
        self.book = DrawingBook() if contract_id is None else self._shelf.book(contract_id)
        self._watch.begin(self.book, self._book_changed)
        self.touch()

    # --- what is done -------------------------------------------------------------------------

    def choose(self, mode: Mode | None, *, keep: bool = False) -> None:
        """Take a tool in hand, None for the pointer; `keep` stays with it after a drawing."""
        if mode is not None:
            self.selected = None
        self.mode, self.keeps_mode, self.draft = mode, keep and mode is not None, None
        self.touch()

    def done_with_mode(self) -> None:
        """A drawing is complete: back to the pointer, unless the tool is to be kept."""
        if not self.keeps_mode:
            self.mode = None
        self.touch()

    def select(self, id: str | None) -> None:
        """Show another drawing as the one that keys act on."""
        if id != self.selected:
            self.selected = id
            self.touch()

    def show_draft(self, draft: Drawing | None) -> None:
        """Show a drawing as it would be."""
        if draft != self.draft:
            self.draft = draft
            self.touch()

    def place(self, drawing: Drawing) -> None:
        """Put a new drawing into the book and select it; what is refused is told."""
        try:
            self.book.add(drawing)
        except InputError as refusal:
            self.trouble.emit(str(refusal))
        else:
            self.placed.emit()
            self.select(drawing.id)

    def keep_draft(self) -> None:
        """Put what is shown into the book; a drawing that is gone meanwhile stays away."""
        draft, self.draft = self.draft, None
        if draft is not None:
            self.book.change(draft)
        self.touch()

    @property
    def chosen(self) -> Drawing | None:
        """The selected drawing as it is in the book."""
        return None if self.selected is None else self.book.find(self.selected)

    def style_for(self, kind: Kind) -> Style:
        """Style of the next drawing of a kind: that of the last one."""
        return self._styles[kind]

    def remember_style(self, drawing: Drawing) -> None:
        """Let the next drawing of this kind look the same."""
        self._styles[drawing.kind] = drawing.style

    # --- what is shown ------------------------------------------------------------------------

    def shown(self) -> list[Drawing]:
        """Drawings that are not hidden, those in front last, the draft in its place."""
        draft = self.draft
        found = [
            draft if draft is not None and drawing.id == draft.id else drawing
            for drawing in self.book.drawings
            if not (drawing.hidden or self.all_hidden)
        ]
        if draft is not None and self.book.find(draft.id) is None:
            found.append(draft)
        return found

    def touch(self) -> None:
        """Tell everybody that something is to be shown otherwise."""
        self.version += 1
        self.changed.emit()

    def _book_changed(self) -> None:
        chosen = self.chosen
        if chosen is None or chosen.hidden:
            self.selected = None
        self.touch()

"""What can be done to the drawings of a contract, each with its exact opposite. Pure."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from tradedesk.services.drawings.drawing import Drawing

Drawings: TypeAlias = tuple[Drawing, ...]


class Added(msgspec.Struct, frozen=True):
    """A drawing was put in at a place in the order."""

    drawing: Drawing
    at: int

    def apply(self, drawings: Drawings) -> Drawings:
        """The drawings afterwards."""
        return (*drawings[: self.at], self.drawing, *drawings[self.at :])

    def inverse(self) -> Edit:
        """What undoes it."""
        return Removed(self.drawing, self.at)


class Removed(msgspec.Struct, frozen=True):
    """A drawing was taken out."""

    drawing: Drawing
    at: int

    def apply(self, drawings: Drawings) -> Drawings:
        """The drawings afterwards."""
        return (*drawings[: self.at], *drawings[self.at + 1 :])

    def inverse(self) -> Edit:
        """What undoes it."""
        return Added(self.drawing, self.at)


class Changed(msgspec.Struct, frozen=True):
    """A drawing looks or stands otherwise; its place in the order is the same."""

    before: Drawing
    after: Drawing
    at: int

    def apply(self, drawings: Drawings) -> Drawings:
        """The drawings afterwards."""
        return (*drawings[: self.at], self.after, *drawings[self.at + 1 :])

    def inverse(self) -> Edit:
        """What undoes it."""
        return Changed(self.after, self.before, self.at)


class Raised(msgspec.Struct, frozen=True):
    """A drawing moved from one place in the order to another."""

    start: int
    end: int

    def apply(self, drawings: Drawings) -> Drawings:
        """The drawings afterwards."""
        moved = drawings[self.start]
        rest = (*drawings[: self.start], *drawings[self.start + 1 :])
        return (*rest[: self.end], moved, *rest[self.end :])

    def inverse(self) -> Edit:
        """What undoes it."""
        return Raised(self.end, self.start)


class Group(msgspec.Struct, frozen=True):
    """Several edits that are one step for a person."""

    edits: tuple[Edit, ...]

    def apply(self, drawings: Drawings) -> Drawings:
        """The drawings afterwards."""
        for edit in self.edits:
            drawings = edit.apply(drawings)
        return drawings

    def inverse(self) -> Edit:
        """What undoes it, last edit first."""
        return Group(tuple(edit.inverse() for edit in reversed(self.edits)))


Edit: TypeAlias = Added | Removed | Changed | Raised | Group

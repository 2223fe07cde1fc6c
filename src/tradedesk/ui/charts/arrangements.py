"""How charts can stand beside each other."""

from __future__ import annotations

from enum import Enum


class Arrangement(Enum):
    """Charts in columns; the value is how many stand in each column, from left to right."""

    ONE = (1,)
    ACROSS = (1, 1)
    DOWN = (2,)
    THREE = (1, 2)
    FOUR = (2, 2)
    SIX = (2, 2, 2)

    @property
    def count(self) -> int:
        """How many charts there are."""
        return sum(self.value)

    @property
    def key(self) -> str:
        """What it is remembered by."""
        return self.name.lower()

    @property
    def words(self) -> str:
        """What the menu says."""
        return _WORDS[self.name]

    @classmethod
    def of(cls, key: str) -> Arrangement:
        """By what is remembered; one chart where that is not known."""
        return cls.__members__.get(key.upper(), cls.ONE)


_WORDS = {
    "ONE": "One chart",
    "ACROSS": "Two side by side",
    "DOWN": "Two stacked",
    "THREE": "One and two",
    "FOUR": "Four",
    "SIX": "Six",
}

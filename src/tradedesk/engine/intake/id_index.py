"""Which ids were delivered, and what became of their trades."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tradedesk.engine.intake.long_column import LongColumn

UNSEEN: Final = -2
NOT_KEPT: Final = -1
_MERGE_AT: Final = 2

Run = tuple[NDArray[np.int64], NDArray[np.int64]]


class IdIndex:
    """Looks ids up in columns of them, by binary search.

    Ids that rise from one delivery to the next, as an exchange's do, are one sorted column to
    which each delivery is added at the end. Ids that do not are kept beside it in sorted runs,
    each more than twice as long as the next, so that there are few to search. 16 bytes an id.
    """

    __slots__ = ("_ids", "_places", "_runs")

    def __init__(self) -> None:
        self._ids = LongColumn()
        self._places = LongColumn()
        self._runs: list[Run] = []

    def __len__(self) -> int:
        return len(self._ids) + sum(len(ids) for ids, _ in self._runs)

    def add(self, ids: NDArray[np.int64], places: NDArray[np.int64]) -> None:
        """Keep ids that `find` does not know yet.

        Parameters
        ----------
        ids : ndarray of int64, shape (n,)
            Each once, in any order.
        places : ndarray of int64, shape (n,)
            For each of them the number of its trade among those kept, or `NOT_KEPT`.
        """
        if not len(ids):
            return
        if not (ids[1:] > ids[:-1]).all():
            order = ids.argsort()
            ids, places = ids[order], places[order]
        rising = int(ids.searchsorted(self._highest, side="right"))
        if rising:
            self._add_run(ids[:rising], places[:rising])
        if rising < len(ids):
            self._ids.extend(ids[rising:])
            self._places.extend(places[rising:])

    def all_new(self, ids: NDArray[np.int64]) -> bool:
        """Tell quickly that no id is known or comes twice; False if that takes a search."""
        return not len(ids) or bool(ids[0] > self._highest and (ids[1:] > ids[:-1]).all())

    def find(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of ids, `UNSEEN` for those that are not known; int64, shape (n,)."""
        found = np.full(len(ids), UNSEEN, np.int64)
        for known, places in ((self._ids.values, self._places.values), *self._runs):
            if not len(known):
                continue
            at = known.searchsorted(ids)
            at[at == len(known)] = 0
            hit = known[at] == ids
            found[hit] = places[at[hit]]
        return found

    @property
    def _highest(self) -> int:
        return int(self._ids.values[-1]) if len(self._ids) else -1

    def _add_run(self, ids: NDArray[np.int64], places: NDArray[np.int64]) -> None:
        runs = self._runs
        while runs and len(runs[-1][0]) <= _MERGE_AT * len(ids):
            more_ids, more_places = runs.pop()
            ids, places = np.concatenate((more_ids, ids)), np.concatenate((more_places, places))
            order = ids.argsort(kind="stable")  # two sorted halves: merged in one pass
            ids, places = ids[order], places[order]
        runs.append((ids, places))

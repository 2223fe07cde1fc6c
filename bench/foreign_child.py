"""The other end of `bench.foreign`: ``python -m bench.foreign_child MODULE COLUMNS OPTIONS``.

Runs in a peer's environment, where there is no tradedesk. A request is a line of the turn's seconds
and a name, the answer a line of JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys

import numpy as np
from bench.timing import mean_of


def main() -> None:
    """Prepare the module's candidates, then run what is asked for until the input ends."""
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, data, options = sys.argv[1:]
    with np.load(data) as file:
        columns = {name: file[name] for name in file.files}
    candidates, found = importlib.import_module(module).prepare(columns, **json.loads(options))
    gc.collect()
    gc.disable()
    print(json.dumps({"names": list(candidates), "found": found}), file=answers, flush=True)
    for line in sys.stdin:
        turn_s, name = line.rstrip("\n").split(" ", 1)
        seconds = mean_of(candidates[name], float(turn_s))
        print(json.dumps({"seconds": seconds}), file=answers, flush=True)


if __name__ == "__main__":
    main()

"""The other end of `bench.foreign`: ``python -m bench.foreign_child MODULE COLUMNS OPTIONS``.

Runs in a peer's environment, where there is no tradedesk. A request is a name on a line of its own,
the answer a line of JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time

import numpy as np


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
        run = candidates[line.strip()]
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds}), file=answers, flush=True)


if __name__ == "__main__":
    main()

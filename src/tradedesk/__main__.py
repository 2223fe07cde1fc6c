"""``python -m tradedesk``: hands the arguments to the command line."""

import sys

from tradedesk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

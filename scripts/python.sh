#!/bin/sh
# Prints the first Python on the path that tradedesk runs on; says what is missing if there is none.
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null
    then
        echo "$name"
        exit 0
    fi
done
echo "tradedesk needs Python 3.11 to 3.14, and none is on the path." >&2
echo "Install one, or name it: make PYTHON=/path/to/python3.11" >&2
echo false
exit 1

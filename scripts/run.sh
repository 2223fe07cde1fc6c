#!/bin/sh
# Opens the desk; where there is no display it says so and plays the demo offscreen instead.
set -eu
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open."
    echo "Playing the demo offscreen instead; screenshots and report.json go to demo-out/."
    QT_QPA_PLATFORM=offscreen exec .venv/bin/tradedesk demo --out demo-out
fi
exec .venv/bin/tradedesk

#!/bin/sh
# Finds the system libraries that Qt needs and this machine lacks.
#
#   scripts/system_libs.sh run     what the desk needs
#   scripts/system_libs.sh test    and a virtual X server for the tests that want a real one
#
# On Debian and Ubuntu as root it installs them; elsewhere it prints the one line to run. It never
# fails the build: without them the offscreen window may still do, and `tradedesk doctor` tells.
set -u

[ "$(uname -s)" = Linux ] || exit 0

# library file : Debian package
needs="
libglib-2.0.so.0:libglib2.0-0
libGL.so.1:libgl1
libEGL.so.1:libegl1
libfontconfig.so.1:libfontconfig1
libxkbcommon.so.0:libxkbcommon0
libdbus-1.so.3:libdbus-1-3
libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-shape.so.0:libxcb-shape0
libxcb-xkb.so.1:libxcb-xkb1
libxkbcommon-x11.so.0:libxkbcommon-x11-0
"

# ldconfig lives in sbin, which is not on every user's path; musl systems have none.
PATH="$PATH:/usr/sbin:/sbin"
command -v ldconfig >/dev/null 2>&1 || exit 0
known=$(ldconfig -p 2>/dev/null)

missing=""
for pair in $needs; do
    case "$known" in
        *"${pair%%:*} "*) ;;
        *) missing="$missing ${pair#*:}" ;;
    esac
done
if [ "${1:-run}" = test ] && ! command -v Xvfb >/dev/null 2>&1; then
    missing="$missing xvfb"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Qt needs system libraries that this machine lacks. Debian calls them:$missing" >&2
    echo "Install your system's packages of the same libraries." >&2
    exit 0
fi

line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" != 0 ]; then
    echo "Qt needs system libraries that this machine lacks. Run: sudo $line" >&2
    exit 0
fi

echo "Installing system libraries for Qt:$missing"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# The lists may be stale or absent (fresh image), so they are fetched first; a failed fetch alone is
# no reason to stop, since the old lists may still serve.
apt-get update >"$log" 2>&1 || true
# shellcheck disable=SC2086
if ! $line >>"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "The system libraries could not be installed. Run when the network is back: $line" >&2
fi
rm -f "$log"
exit 0

"""``tradedesk doctor``: looks for problems, and tells the fix of each."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib import metadata
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.bundle import CONTENTS, Bundle
from tradedesk.app.qt_health import PROBE, START, run_probe
from tradedesk.app.system_clock import SystemClock
from tradedesk.app.venue_probe import ask_venue
from tradedesk.domain.errors import StoreError
from tradedesk.gateway.config import FIRMS, firm_config
from tradedesk.store.credentials import KEY_VARIABLE, USERNAME_VARIABLE, CredentialStore
from tradedesk.store.paths import home_paths, resources_dir
from tradedesk.store.settings_file import SettingsFile
from tradedesk.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.app.venue_probe import VenueAnswer
    from tradedesk.store.credentials import Credentials
    from tradedesk.store.paths import Paths

PACKAGES = (
    "PySide6-Essentials", "shiboken6", "pyqtgraph", "qasync", "numpy", "httpx", "msgspec",
    "websockets", "keyring", "platformdirs", "databento-dbn", "starlette", "uvicorn",
)  # fmt: skip
SKEW_LIMIT_MS = 1_000.0


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at.

    Parameters
    ----------
    name : str
        What was looked at.
    state : str
        ``ok``, ``note`` (works, and worth knowing) or ``problem``.
    value : str
        What was found.
    fix : str
        What to do about a problem; empty otherwise.
    """

    name: str
    state: str
    value: str
    fix: str = ""


def main(*, venue: str, as_json: bool, bundle: Path | None = None) -> int:
    """Print all findings; return 1 if there is a problem, else 0.

    With ``bundle`` say what goes into a file for support, and write it.

    Raises
    ------
    InputError
        If the venue's name is not known.
    """
    config = None if venue == "practice" else firm_config(venue)
    paths = home_paths()
    found = [_python(), *_packages(), *_qt(), _fonts(), *_folders(paths), _settings(paths)]
    found.append(_keyring())
    if config is None:
        found.append(Finding("venue practice", "ok", "started on demand, on this machine"))
    else:
        found += _venue(venue, ask_venue(config, SystemClock()))
    problems = sum(f.state == "problem" for f in found)
    report = msgspec.json.encode({"version": __version__, "problems": problems, "findings": found})
    if as_json:
        print(report.decode())
    else:
        print("\n".join(_line(f) for f in found))
        print(f"\n{problems} problem{'s' * (problems != 1)} found.")
    if bundle is not None:
        print(f"\n{CONTENTS}", file=sys.stderr)
        parts = Bundle(paths, _stored()).write(bundle.absolute(), report)
        print(f"Written to {bundle}: {', '.join(parts)}.", file=sys.stderr)
    return 1 if problems else 0


def _stored() -> list[Credentials]:
    """What is stored for any firm, so that none of it shows."""
    store, found = CredentialStore(), []
    for firm in FIRMS:
        try:
            pair = store.load(firm)
        except StoreError as error:
            text = f"tradedesk: {error} What it holds is hidden by its form only."
            print(text, file=sys.stderr)
            break
        if pair is not None:
            found.append(pair)
    return found


def _line(finding: Finding) -> str:
    mark = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}[finding.state]
    fix = f"\n        fix: {finding.fix}" if finding.fix else ""
    return f"{mark} {finding.name}: {finding.value}{fix}"


def _python() -> Finding:
    value = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("Python", "ok", value)


def _packages() -> list[Finding]:
    found = []
    for name in PACKAGES:
        try:
            found.append(Finding(name, "ok", metadata.version(name)))
        except metadata.PackageNotFoundError:
            found.append(Finding(name, "problem", "not installed", "run `make run` again"))
    return found


def _qt() -> list[Finding]:
    linux = sys.platform.startswith("linux")
    environment = dict(os.environ)
    display = any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))
    if linux and not display:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    works, said = run_probe(START, environment)
    if not works:
        fix = (
            "on Debian and Ubuntu run scripts/system_libs.sh from the source folder as root; "
            "elsewhere install the library that the message names"
        )
        return [Finding("Qt platform", "problem", said, fix)]
    no_window = linux and not display
    value = f"{said}; no display here, so no window can open" if no_window else said
    found = [Finding("Qt platform", "note" if no_window else "ok", value)]
    keeps, said = run_probe(PROBE)
    if keeps:
        found.append(Finding("Qt reference counts", "ok", "calls keep the count of None"))
    else:
        fix = "install PySide6-Essentials 6.11.3: this version ends Python within seconds"
        found.append(Finding("Qt reference counts", "problem", f"None is lost: {said}", fix))
    return found


def _fonts() -> Finding:
    try:
        files = sorted(resources_dir().glob("fonts/*.ttf"))
    except StoreError as error:
        return Finding("fonts", "problem", str(error), "install tradedesk again")
    if len(files) < 3:
        return Finding("fonts", "problem", "Inter is incomplete", "install tradedesk again")
    return Finding("fonts", "ok", ", ".join(f.stem for f in files))


def _folders(paths: Paths) -> list[Finding]:
    found = []
    try:
        paths.create()
    except StoreError as error:
        return [Finding("folders", "problem", str(error), "see the message")]
    for name in ("data", "config", "cache", "logs"):
        folder: Path = getattr(paths, name)
        try:
            with tempfile.NamedTemporaryFile(dir=folder) as file:
                file.write(b"x")
                file.flush()
        except OSError as error:
            fix = f"make {folder} writable or set TRADEDESK_HOME to another folder"
            found.append(Finding(f"folder {name}", "problem", f"{error.strerror}", fix))
        else:
            found.append(Finding(f"folder {name}", "ok", str(folder)))
    return found


def _settings(paths: Paths) -> Finding:
    try:
        loaded = SettingsFile(paths.settings_file).load()
    except StoreError as error:
        return Finding("settings", "problem", str(error), "see the message")
    if loaded.problems:
        fix = f"correct {paths.settings_file}; the defaults stand in until then"
        return Finding("settings", "problem", " ".join(loaded.problems), fix)
    return Finding("settings", "ok", str(paths.settings_file))


def _keyring() -> Finding:
    store = CredentialStore()
    if store.has_keyring:
        return Finding("keyring", "ok", store.backend_name)
    names = (USERNAME_VARIABLE, KEY_VARIABLE)
    set_now = "both are set" if all(os.environ.get(name) for name in names) else "not set now"
    value = (
        f"none here: practice needs none, a firm takes user name and key from {names[0]} and "
        f"{names[1]} ({set_now})"
    )
    return Finding("keyring", "note", value)


def _venue(name: str, answer: VenueAnswer) -> list[Finding]:
    if not answer.reached:
        fix = "check the network, the firewall and the firm's status page"
        return [Finding(f"venue {name}", "problem", answer.text, fix)]
    found = [Finding(f"venue {name}", "ok", answer.text)]
    skew = answer.clock_skew_ms
    if skew is None:
        found.append(Finding("clock", "note", "the venue does not tell its time"))
    elif abs(skew) > SKEW_LIMIT_MS:
        fix = "set this machine's clock by NTP"
        found.append(Finding("clock", "problem", f"{skew / 1000:+.1f} s from the venue's", fix))
    else:
        found.append(Finding("clock", "ok", f"within {SKEW_LIMIT_MS / 1000:.0f} s of the venue's"))
    return found

"""Where everything lives on disk; the only place that knows.

``TRADEDESK_HOME`` moves all of it below one folder; otherwise each system's own folders are used.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tradedesk.domain.errors import StoreError

HOME_VARIABLE = "TRADEDESK_HOME"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one desk. Nothing is created until `create` is called.

    Attributes
    ----------
    data : Path
        Journal, window layout, lock, executor socket file: what must survive.
    config : Path
        Settings.
    cache : Path
        Bars fetched before; may be deleted at any time.
    logs : Path
        Rotating log and crash reports.
    """

    data: Path
    config: Path
    cache: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        """File of the settings."""
        return self.config / "settings.toml"

    @property
    def layout_file(self) -> Path:
        """File of the window layout."""
        return self.data / "layout.json"

    @property
    def lock_file(self) -> Path:
        """File that one running desk holds."""
        return self.data / "desk.lock"

    def log_file(self, process: str) -> Path:
        """Newest log file of one process, ``desk`` or ``executor``: rotation allows one writer."""
        return self.logs / f"{process}.log"

    def crash_file(self, process: str) -> Path:
        """File that a process's last words go to when the interpreter itself dies."""
        return self.logs / f"{process}.crash.log"

    @property
    def latency_file(self) -> Path:
        """File of the latency of orders."""
        return self.data / "latency.sqlite3"

    @property
    def run(self) -> Path:
        """Folder in which running processes say how they are reached."""
        return self.data / "run"

    @property
    def journals(self) -> Path:
        """Folder of the order journals."""
        return self.data / "journal"

    def journal_file(self, venue: str) -> Path:
        """File of the order journal of one venue or firm.

        Raises
        ------
        StoreError
            If `venue` is no plain name.
        """
        if not venue.replace("-", "").replace("_", "").isalnum():
            raise StoreError(f"{venue!r} is no venue name: letters, digits, - and _ only.")
        return self.journals / f"{venue}.sqlite3"

    def alerts_file(self, venue: str) -> Path:
        """File of the price alerts of one venue or firm: prices of practice are its own."""
        return self.data / f"alerts-{self.journal_file(venue).stem}.json"

    @property
    def history(self) -> Path:
        """Folder of the archive of trades and bars; made by what first puts something into it."""
        return self.data / "history"

    @property
    def drawings(self) -> Path:
        """Folder of what is drawn on charts; made by the first drawing."""
        return self.data / "drawings"

    def folders(self) -> tuple[Path, ...]:
        """Every folder that `create` makes."""
        return (self.data, self.journals, self.run, self.config, self.cache, self.logs)

    def create(self) -> Paths:
        """Make the missing folders, readable by their owner only; return self.

        Raises
        ------
        StoreError
            If a folder cannot be made, or is not a folder.
        """
        for folder in self.folders():
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if os.name == "posix":
                    folder.chmod(0o700)
            except OSError as error:
                raise StoreError(
                    f"The folder {folder} cannot be used ({error.strerror}): "
                    f"make it writable or set {HOME_VARIABLE} to one that is."
                ) from error
        return self


def home_paths(home: str | os.PathLike[str] | None = None) -> Paths:
    """Give the folders of this desk.

    Parameters
    ----------
    home : path or None
        Folder for everything; ``None`` asks ``TRADEDESK_HOME`` and then the system.

    Returns
    -------
    Paths
        Absolute; nothing was created.
    """
    chosen = home if home is not None else os.environ.get(HOME_VARIABLE) or None
    if chosen is not None:
        root = Path(chosen).expanduser().absolute()
        return Paths(root / "data", root / "config", root / "cache", root / "logs")
    system = platformdirs.PlatformDirs("tradedesk", appauthor=False)
    return Paths(
        Path(system.user_data_dir),
        Path(system.user_config_dir),
        Path(system.user_cache_dir),
        Path(system.user_log_dir),
    )


def resources_dir() -> Path:
    """Give the folder of fonts, icons and sounds, in a wheel and in a checkout alike.

    Raises
    ------
    StoreError
        If it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "resources", package.parent.parent / "resources"):
        if folder.is_dir():
            return folder
    raise StoreError(f"The folder resources is missing beside {package}: install tradedesk again.")

"""The trader's user name and API key, in the system keyring and nowhere else.

Only real keyrings count: the ones of macOS, Windows, GNOME and KDE. Backends that fail, forget or
write plain text are refused. Where there is no keyring, ``TRADEDESK_USERNAME`` and
``TRADEDESK_API_KEY`` stand in; nothing is ever written to a file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import keyring
import keyring.errors
import msgspec

from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "tradedesk"
USERNAME_VARIABLE = "TRADEDESK_USERNAME"
KEY_VARIABLE = "TRADEDESK_API_KEY"
ENVIRONMENT = "environment variables"

REAL_BACKENDS = {
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Locker",
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
}
"""Modules of keyring that keep secrets encrypted, and what people call them."""


class Credentials(msgspec.Struct, frozen=True):
    """What one firm knows a trader by. Its text form never shows the key."""

    username: str
    api_key: str

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r}, api_key=<hidden>)"


class CredentialStore:
    """Loads, saves and deletes credentials, one pair for each firm.

    Parameters
    ----------
    backend : KeyringBackend or None
        Keyring to use; ``None`` takes the system's.

    Notes
    -----
    A keyring may ask its owner for a password and so take long: call from a thread or from the
    executor, never on the window's loop.
    """

    def __init__(self, backend: KeyringBackend | None = None) -> None:
        self._backend = _first_real(backend if backend is not None else keyring.get_keyring())

    @property
    def backend_name(self) -> str:
        """What holds the secrets, as people call it."""
        if self._backend is None:
            return ENVIRONMENT
        return REAL_BACKENDS[type(self._backend).__module__]

    @property
    def has_keyring(self) -> bool:
        """Whether `save` and `delete` can work here."""
        return self._backend is not None

    def load(self, firm: str) -> Credentials | None:
        """Find the credentials of one firm; ``None`` if none are known.

        Raises
        ------
        StoreError
            If the keyring is locked or broken, or what it holds is unreadable.
        """
        if self._backend is None:
            username, key = os.environ.get(USERNAME_VARIABLE), os.environ.get(KEY_VARIABLE)
            return Credentials(username, key) if username and key else None
        try:
            # one entry for both, so that a name never meets another name's key
            text = self._backend.get_password(SERVICE, firm)
        except keyring.errors.KeyringError as error:
            raise self._trouble("read from", firm, error) from error
        if text is None:
            return None
        try:
            return msgspec.json.decode(text, type=Credentials)
        except msgspec.DecodeError:
            # the cause would quote what it read, which is a secret
            raise StoreError(
                f"The credentials of {firm} in the {self.backend_name} are unreadable: "
                "enter user name and API key again."
            ) from None

    def save(self, firm: str, credentials: Credentials) -> None:
        """Keep the credentials of one firm, in place of earlier ones.

        Raises
        ------
        StoreError
            If there is no real keyring, or it refuses, or a value is empty.
        """
        if not credentials.username.strip() or not credentials.api_key.strip():
            raise StoreError("User name and API key must both be given.")
        text = msgspec.json.encode(credentials).decode()
        backend = self._need_keyring()
        try:
            backend.set_password(SERVICE, firm, text)
        except keyring.errors.KeyringError as error:
            raise self._trouble("saved to", firm, error) from error

    def delete(self, firm: str) -> None:
        """Forget the credentials of one firm; nothing happens if none are known.

        Raises
        ------
        StoreError
            If there is no real keyring, or it refuses.
        """
        backend = self._need_keyring()
        try:
            if backend.get_password(SERVICE, firm) is not None:
                backend.delete_password(SERVICE, firm)
        except keyring.errors.KeyringError as error:
            raise self._trouble("deleted from", firm, error) from error

    def _need_keyring(self) -> KeyringBackend:
        if self._backend is None:
            raise StoreError(
                "There is no system keyring here, and keys are never written to a file: unlock or "
                "install one (GNOME Keyring, KWallet), or set "
                f"{USERNAME_VARIABLE} and {KEY_VARIABLE}."
            )
        return self._backend

    def _trouble(self, what: str, firm: str, error: Exception) -> StoreError:
        reason = "it is locked" if isinstance(error, keyring.errors.KeyringLocked) else "it refused"
        return StoreError(
            f"The credentials of {firm} could not be {what} the {self.backend_name} ({reason}): "
            "unlock it and try again."
        )


def _first_real(backend: KeyringBackend) -> KeyringBackend | None:
    """Give the backend itself, or the first real one of a chain; ``None`` if there is none."""
    if type(backend).__module__ == "keyring.backends.chainer":
        chain: list[KeyringBackend] = getattr(backend, "backends", [])
        return next((b for b in chain if _first_real(b) is not None), None)
    return backend if type(backend).__module__ in REAL_BACKENDS else None

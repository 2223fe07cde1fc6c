"""Secrets go to a real keyring or nowhere."""

from __future__ import annotations

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringError, KeyringLocked

from tradedesk.domain.errors import StoreError
from tradedesk.store import credentials
from tradedesk.store.credentials import Credentials, CredentialStore

MINE = Credentials("trader", "made-up-key-0001")


class MemoryKeyring(KeyringBackend):
    """Keeps secrets in memory; stands in for the system's keyring."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.trouble: KeyringError | None = None

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.kept[service, username]


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    monkeypatch.setitem(credentials.REAL_BACKENDS, MemoryKeyring.__module__, "Memory")
    return MemoryKeyring()


def test_saved_credentials_come_back_for_their_firm_only(memory: MemoryKeyring) -> None:
    store = CredentialStore(memory)
    assert store.load("topstepx") is None
    store.save("topstepx", MINE)
    assert CredentialStore(memory).load("topstepx") == MINE
    assert store.load("tradeify") is None
    assert store.backend_name == "Memory"


def test_deleted_ones_are_gone_and_deleting_twice_is_fine(memory: MemoryKeyring) -> None:
    store = CredentialStore(memory)
    store.save("topstepx", MINE)
    store.delete("topstepx")
    store.delete("topstepx")
    assert store.load("topstepx") is None
    assert memory.kept == {}


@pytest.mark.parametrize("action", ["load", "save", "delete"])
def test_a_locked_keyring_is_one_sentence(memory: MemoryKeyring, action: str) -> None:
    store = CredentialStore(memory)
    memory.trouble = KeyringLocked("gone")
    with pytest.raises(StoreError, match=r"topstepx .* Memory \(it is locked\): unlock it"):
        getattr(store, action)("topstepx", *([MINE] if action == "save" else []))


def test_an_unreadable_entry_does_not_show_itself(memory: MemoryKeyring) -> None:
    memory.kept["tradedesk", "topstepx"] = "made-up-key-0001"
    with pytest.raises(StoreError, match="enter user name and API key again") as caught:
        CredentialStore(memory).load("topstepx")
    assert "made-up-key" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("pair", [Credentials("", "key"), Credentials("me", "  ")])
def test_half_a_pair_is_refused(memory: MemoryKeyring, pair: Credentials) -> None:
    with pytest.raises(StoreError, match="both"):
        CredentialStore(memory).save("topstepx", pair)


@pytest.mark.parametrize("backend", [FailKeyring(), NullKeyring(), MemoryKeyring()])
def test_backends_that_keep_nothing_safe_are_refused(backend: KeyringBackend) -> None:
    store = CredentialStore(backend)
    assert not store.has_keyring
    assert store.backend_name == "environment variables"
    assert store.load("topstepx") is None
    for refused in (lambda: store.save("topstepx", MINE), lambda: store.delete("topstepx")):
        with pytest.raises(StoreError, match="no system keyring"):
            refused()


def test_the_environment_stands_in_only_where_there_is_no_keyring(
    monkeypatch: pytest.MonkeyPatch, memory: MemoryKeyring
) -> None:
    monkeypatch.setenv("TRADEDESK_USERNAME", "other")
    assert CredentialStore(FailKeyring()).load("topstepx") is None
    monkeypatch.setenv("TRADEDESK_API_KEY", "other-key")
    assert CredentialStore(FailKeyring()).load("topstepx") == Credentials("other", "other-key")
    assert CredentialStore(memory).load("topstepx") is None


def test_the_real_one_of_a_chain_is_used(
    monkeypatch: pytest.MonkeyPatch, memory: MemoryKeyring
) -> None:
    monkeypatch.setattr(ChainerBackend, "backends", [NullKeyring(), memory])
    store = CredentialStore(ChainerBackend())
    store.save("topstepx", MINE)
    assert memory.get_password("tradedesk", "topstepx") is not None


def test_the_key_never_shows_in_text() -> None:
    assert "made-up-key" not in f"{MINE} {MINE!r} {[MINE]}"

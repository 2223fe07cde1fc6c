"""What each refusal of a sign-in means, and what to do about it."""

from __future__ import annotations

from typing import Final

REFUSALS: Final = {
    1: "The venue does not know the user name {user!r}: use the platform's login name, not the "
    "e-mail address or an account's name.",
    2: "The venue refused the key of {user!r}: create a new API key in the firm's settings and "
    "enter it again.",
    3: "The venue refused user name or API key of {user!r}: check both; a key that was replaced "
    "on the firm's page is no longer good.",
    4: "The venue does not know this application; sign in with an API key.",
    5: "The venue could not verify this application; sign in with an API key.",
    6: "The venue refused this device; sign in with an API key.",
    7: "The firm's agreements are not signed: log into the ProjectX platform on the web, accept "
    "them, then sign in here again.",
    9: "This login has no API subscription: book ProjectX API access in the firm's settings.",
    10: "The firm has switched key sign-in off for this login; ask its support.",
}
"""By error code of loginKey; a code that is missing here is a fault of the venue."""

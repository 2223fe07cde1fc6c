"""Files on disk and secrets in the system keyring, behind ports."""

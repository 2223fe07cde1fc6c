"""Kinds of accounts as data, and the supervisor that holds accounts to their rules."""

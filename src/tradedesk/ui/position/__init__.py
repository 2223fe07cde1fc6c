"""The position card."""

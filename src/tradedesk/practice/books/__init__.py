"""The order side: rows, validation, matching, brackets, money. No I/O and no clock of its own."""

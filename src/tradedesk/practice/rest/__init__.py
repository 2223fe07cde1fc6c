"""The REST side of the wire, one room per endpoint family."""

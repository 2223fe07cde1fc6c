"""Values and rules of trading: standard library and msgspec only, no I/O, no clock."""

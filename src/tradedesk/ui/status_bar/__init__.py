"""The status bar: how old everything is."""

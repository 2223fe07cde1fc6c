"""The kill switch in the window, and what locks entries."""

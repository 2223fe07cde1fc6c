"""The bottom dock: tables behind tabs."""

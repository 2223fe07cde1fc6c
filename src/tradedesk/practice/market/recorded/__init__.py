"""Readers of recorded markets: each turns a file into events in the recording's own price steps."""

"""Stand-ins that satisfy the ports."""

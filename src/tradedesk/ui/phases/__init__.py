"""What a flatten, reverse, cancel-all or kill is doing, phase by phase."""

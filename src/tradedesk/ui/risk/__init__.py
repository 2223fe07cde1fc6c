"""Risk limits of the desk: the day against its limits, locks, and the fields to set them."""

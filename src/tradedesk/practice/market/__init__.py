"""The market side: generated and recorded tapes, and the live feed that plays them."""

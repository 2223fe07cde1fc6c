"""Several charts in one window and in several, and what ties them together."""

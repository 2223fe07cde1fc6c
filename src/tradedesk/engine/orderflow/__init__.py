"""Where volume traded and where it waits: profiles, footprints, books; integers throughout."""

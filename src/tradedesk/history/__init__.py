"""History on disk: files of others, an archive of one's own, exports and frames. Knows no Qt."""

"""What a trader chooses about how bars are read: one feature a file."""

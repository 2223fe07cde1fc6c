"""What the chart draws, one noun a file."""

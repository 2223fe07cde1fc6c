"""What the pointer and the keys do on the chart, one tool a file."""

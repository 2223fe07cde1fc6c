"""The desk with its window, and the demo that plays in it: all of the composition that needs Qt."""

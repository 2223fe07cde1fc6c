"""Drills: named situations that a trader lives through, and a score of what was done."""

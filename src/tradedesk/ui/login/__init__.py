"""Signing in to a firm, and the one typed confirmation before real money."""

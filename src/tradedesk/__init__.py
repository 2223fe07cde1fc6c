"""A desktop for click-trading futures on the ProjectX Gateway."""

__version__ = "0.1.0"

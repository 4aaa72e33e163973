"""Turn one file of sourced facts into briefs for different readers."""

__version__ = "0.1.0"

"""Business support for distributors and their resellers."""

__version__ = "0.1.0"

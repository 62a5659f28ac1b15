"""The composition root and the command line: the only code that names implementations."""

__version__ = "0.1.0"

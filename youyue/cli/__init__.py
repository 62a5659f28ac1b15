"""The command line ``youyue``: one module a group of commands, and one way to say what went wrong."""

from youyue.cli.root import main

__all__ = ["main"]

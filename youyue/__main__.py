"""``python -m youyue`` is the same as ``youyue``."""

from youyue.cli import main

if __name__ == "__main__":
    main()

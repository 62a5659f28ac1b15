"""The measures of ``docs/measures.md``: ``make bench``, ``make bench SCALE=city``."""

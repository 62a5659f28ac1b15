"""The measures of ``docs/performance.md``: ``make bench``, ``make bench SCALE=city``."""

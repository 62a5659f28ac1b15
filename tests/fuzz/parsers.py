"""Every parser of bytes from outside."""

from tests.fuzz.targets import answers, cards, files, printers, requests, rosters, scans

TARGETS = {target.name: target for group in (cards, scans, printers, answers, requests, rosters, files) for target in group.TARGETS}

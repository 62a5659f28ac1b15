"""Every parser of bytes from outside."""

from tests.fuzz.targets import answers, cards, covers, files, printers, requests, rosters, scans

TARGETS = {target.name: target for group in (cards, scans, printers, answers, covers, requests, rosters, files) for target in group.TARGETS}

"""Which screen may follow which. A walk may take no other way, and a long one takes each of them often.

``OUT_OF_SERVICE`` follows any screen on which something is written down, when the disk is full. ``SELDOM`` needs two things at once.
"""

PATHS: dict[str, tuple[str, ...]] = {
    "Attract": ("Home", "Borrow", "Return", "ReportLossById", "CardRefused", "OutOfService"),
    "Home": ("Borrow", "Return", "Loans", "ReportLoss", "Goodbye", "StillHere", "OutOfService"),
    "Borrow": ("Goodbye", "StillHere", "OutOfService"),
    "Return": ("Home", "Goodbye", "Attract", "CardRefused", "StillHere", "OutOfService"),
    "Loans": ("Home", "Borrow", "PinPad", "Goodbye", "StillHere", "OutOfService"),
    "PinPad": ("Loans", "Borrow", "Goodbye", "StillHere", "OutOfService"),
    "ReportLoss": ("Home", "Borrow", "LossReported", "Goodbye", "StillHere", "OutOfService"),
    "LossReported": ("Home", "Borrow", "Attract"),
    "ReportLossById": ("Attract", "Home", "Borrow", "CardRefused", "LossReported"),
    "Goodbye": ("Attract", "Home", "CardRefused"),
    "CardRefused": ("Attract", "Home", "Borrow", "Return"),
    "StillHere": ("Attract", "Home", "Borrow", "Return", "Loans", "PinPad", "ReportLoss", "Goodbye"),
    "OutOfService": ("Attract",),
}

SELDOM: dict[tuple[str, str], str] = {
    ("Goodbye", "Borrow"): "books were scanned at the slip, and the next card was laid down before it went",
    ("Borrow", "CardRefused"): "the visit's own card was reported lost meanwhile, and was laid down once more",
    ("Home", "CardRefused"): "the same",
    ("Loans", "CardRefused"): "the same",
    **{
        (screen, "OutOfService"): "a lost card was shown, or a book waited, when the disk was full"
        for screen in ("LossReported", "ReportLossById", "Goodbye", "CardRefused", "StillHere")
    },
}

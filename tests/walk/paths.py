"""Which screen may follow which. A walk may take no other way, and a long one takes each of them often.

``OutOfService`` follows any screen on which something is written down, when the disk is full. While a class is here the next card
leads from every screen of a visit to ``Borrow``. ``SELDOM`` needs two things at once.
"""

PATHS: dict[str, tuple[str, ...]] = {
    "Attract": ("Home", "Borrow", "Return", "ReportLossById", "CardRefused", "CardCheck", "OutOfService", "Devices"),
    "Home": ("Borrow", "Return", "Loans", "ReportLoss", "Animals", "Goodbye", "StillHere", "OutOfService"),
    "Borrow": ("Goodbye", "StillHere", "OutOfService"),
    "Return": ("Home", "Goodbye", "Attract", "CardRefused", "StillHere", "OutOfService"),
    "Loans": ("Home", "Borrow", "PinPad", "Goodbye", "StillHere", "OutOfService"),
    "PinPad": ("Loans", "Borrow", "Goodbye", "StillHere", "OutOfService"),
    "ReportLoss": ("Home", "Borrow", "LossReported", "Goodbye", "StillHere", "OutOfService"),
    "Animals": ("Home", "Borrow", "Goodbye", "StillHere"),
    "LossReported": ("Home", "Borrow", "Attract"),
    "ReportLossById": ("Attract", "Home", "Borrow", "CardRefused", "LossReported"),
    "Goodbye": ("Attract", "Home", "CardRefused"),
    "CardRefused": ("Attract", "Home", "Borrow", "Return"),
    "StillHere": ("Attract", "Home", "Borrow", "Return", "Loans", "PinPad", "ReportLoss", "Animals", "Goodbye"),
    "OutOfService": ("Attract",),
    "CardCheck": ("CardChecked", "Attract"),
    "CardChecked": ("CardCheck",),
    "Devices": ("Attract",),
}

SELDOM: dict[tuple[str, str], str] = {
    ("Goodbye", "Borrow"): "books were scanned at the slip, and the next card was laid down before it went",
    ("Goodbye", "CardChecked"): "cards were to be checked from then on, and one was laid down before the slip went",
    ("CardRefused", "CardChecked"): "the same before the refusal went",
    ("Return", "CardChecked"): "the same beside items that came back without a card",
    ("ReportLossById", "CardChecked"): "the same beside a report without a card",
    ("CardCheck", "Home"): "the check of cards was over as the card was laid down",
    ("CardCheck", "OutOfService"): "a lost card was shown when the disk was full",
    ("CardChecked", "OutOfService"): "the same",
    ("OutOfService", "CardCheck"): "and cards were being checked",
    **{
        (screen, "CardCheck"): "cards were to be checked from then on"
        for screen in ("Goodbye", "CardRefused", "StillHere", "Return", "ReportLossById", "LossReported")
    },
    **{("CardChecked", after): "the check of cards was over while it stood" for after in ("Attract", "Home", "Borrow", "CardRefused")},
    **{
        (
            screen,
            after,
        ): "a class: the next card opened nothing, or its patron must be told; or a visit's own card was lost meanwhile"
        for screen in ("Home", "Borrow", "Return", "Loans", "PinPad", "ReportLoss", "Animals", "LossReported", "StillHere")
        for after in ("Home", "CardRefused")
        if screen != after
    },
    **{
        (screen, "Devices"): "staff had asked for the page, and nobody was here any more"
        for screen in (
            "Goodbye",
            "CardRefused",
            "StillHere",
            "Return",
            "ReportLossById",
            "LossReported",
            "OutOfService",
            "CardCheck",
            "CardChecked",
        )
    },
    ("Devices", "CardCheck"): "and cards were being checked",
    ("Devices", "OutOfService"): "the kiosk was out of service all the while",
    ("Return", "Borrow"): "the next card of a class, beside items that came back",
    **{
        (screen, "OutOfService"): "a lost card was shown, or a book waited, when the disk was full"
        for screen in ("LossReported", "ReportLossById", "Goodbye", "CardRefused", "StillHere", "Animals")
    },
}

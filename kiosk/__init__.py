"""The kiosk's application logic: no Qt, no hardware, SQL only in ``kiosk.store``."""

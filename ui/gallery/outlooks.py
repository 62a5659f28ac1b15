"""What is left of the service in each state that the offline limits know."""

from circulation.reasons import Reason
from kiosk.offline import Outlook, Weight

A_DAY_OLD = Outlook(Weight.CALM, 5, renews=True)
THREE_DAYS_OLD = Outlook(Weight.AMBER, 3)
A_WEEK_OLD = Outlook(Weight.RED, 2, regulars_only=True)
TOO_OLD = Outlook(Weight.RED, 0, stopped=Reason.OFFLINE_TOO_LONG)
NO_ROOM = Outlook(Weight.RED, 0, stopped=Reason.KIOSK_DISK_FULL)

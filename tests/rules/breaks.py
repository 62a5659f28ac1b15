"""How each rule of the programme is broken, in the order of the table."""

from tests.rules.breaking import Break
from tests.rules.breaks_of_cards import BREAKS_OF_CARDS
from tests.rules.breaks_of_consent import BREAKS_OF_CONSENT
from tests.rules.breaks_of_readings import BREAKS_OF_READINGS

BREAKS: tuple[Break, ...] = (*BREAKS_OF_CONSENT, *BREAKS_OF_CARDS, *BREAKS_OF_READINGS)

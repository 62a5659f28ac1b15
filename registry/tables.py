"""All tables of the registry, joined in one metadata."""

from registry.audit import tables as audit
from registry.calendars import tables as calendars
from registry.cards import tables as cards
from registry.cases import tables as cases
from registry.catalogue import tables as catalogue
from registry.columns import metadata
from registry.desk import tables as desk
from registry.enrolment import tables as enrolment
from registry.exchange import tables as exchange
from registry.holds import tables as holds
from registry.kiosks import tables as kiosks
from registry.lending import tables as lending
from registry.merges import tables as merges
from registry.mobile import tables as mobile
from registry.notices import tables as notices
from registry.overdue import tables as overdue
from registry.partners import tables as partners
from registry.people import tables as people
from registry.privacy import tables as privacy
from registry.rosters import tables as rosters
from registry.schools import tables as schools
from registry.terms import tables as terms

DOMAINS = (
    audit,
    calendars,
    cards,
    cases,
    catalogue,
    desk,
    enrolment,
    exchange,
    holds,
    kiosks,
    lending,
    merges,
    mobile,
    notices,
    overdue,
    partners,
    people,
    privacy,
    rosters,
    schools,
    terms,
)

__all__ = ["DOMAINS", "metadata"]

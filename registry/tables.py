"""All tables of the registry, joined in one metadata."""

from registry.audit import tables as audit
from registry.cards import tables as cards
from registry.cases import tables as cases
from registry.catalogue import tables as catalogue
from registry.columns import metadata
from registry.desk import tables as desk
from registry.enrolment import tables as enrolment
from registry.exchange import tables as exchange
from registry.kiosks import tables as kiosks
from registry.lending import tables as lending
from registry.merges import tables as merges
from registry.partners import tables as partners
from registry.rosters import tables as rosters

DOMAINS = (audit, cards, cases, catalogue, desk, enrolment, exchange, kiosks, lending, merges, partners, rosters)

__all__ = ["DOMAINS", "metadata"]

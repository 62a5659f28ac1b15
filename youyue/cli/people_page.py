"""A person's page in words, a language at a time."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from registry.people.page import PersonPage
from texts.catalogue import Catalogue
from youyue.cli.at_a_card import LAST_DIGITS


def shown(page: PersonPage, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[str]:
    """The page's lines."""
    say, account = catalogue.say, page.account
    contact = say("desk.contact.complete" if account.contact_complete else "desk.contact.incomplete")
    yield say("desk.patron", name=account.masked_name, branch=account.regular_at or say("desk.branch.none"), contact=contact)
    pin = say("desk.pin.set" if account.has_pin else "desk.pin.none")
    yield f"  {say('desk.account', loans=account.open_loans, blocks=account.blocks, pin=pin)}"
    yield f"  {say('people.basis', basis=say(f'people.basis.{page.basis}'))}"
    services = " · ".join(say(f"people.service.{one}") for one in sorted(page.services)) or say("people.service.none")
    yield f"  {say('people.services', services=services)}"
    for card in account.cards:
        kind, state = say(f"desk.kind.{card.kind}"), say(f"desk.state.{card.state}")
        yield f"  {say('desk.card', kind=kind, tail=card.uid.hex[-LAST_DIGITS:], state=state)}"
    if not account.cards:
        yield f"  {say('desk.no_cards')}"
    yield from (f"  {line}" for line in _consents(page, catalogue, zone))
    yield from (f"  {line}" for line in _others(page, catalogue, zone))


def _consents(page: PersonPage, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[str]:
    for one in page.consents:
        proof = catalogue.say("people.proof.none" if one.proof is None else f"people.proof.{one.proof}")
        yield catalogue.say("people.consent", year=one.school_year, proof=proof)
    if not page.consents:
        yield catalogue.say("people.consent.none")
    for taken in page.withdrawals:
        at = f"{taken.received_at.astimezone(zone):%Y-%m-%d}"
        signer = catalogue.say(f"people.signer.{taken.signed_by}")
        yield catalogue.say("people.withdrawal", at=at, signer=signer)
        if taken.outcome is not None:
            yield catalogue.say(f"people.withdrawn.{taken.outcome}")
    if page.pending is not None:
        left = page.left
        yield catalogue.say("people.withdrawn.pending", loans=left.loans, debts=left.debts, questions=left.questions)


def _others(page: PersonPage, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[str]:
    for one in page.guardians:
        relation, papers = catalogue.say(f"people.relation.{one.relation}"), catalogue.say(f"people.papers.{one.papers}")
        state = "people.guardian" if one.ended_at is None else "people.guardian.former"
        at = f"{one.since_at.astimezone(zone):%Y-%m-%d}"
        yield catalogue.say(state, name=one.masked_name, relation=relation, papers=papers, at=at, link=one.id)
    for shown_one in page.memberships:
        membership = shown_one.membership
        of_family = membership.family == page.account.id
        name = shown_one.member_name if of_family else shown_one.family_name
        until = "" if membership.until is None else f"{membership.until:%Y-%m-%d}"
        yield catalogue.say("people.member" if of_family else "people.family", name=name, since=f"{membership.since:%Y-%m-%d}", until=until)

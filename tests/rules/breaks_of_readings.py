"""How the readings are broken that were chosen where the programme is open (R1 to R21): one change of the code for each."""

from tests.rules.breaking import Break

BREAKS_OF_READINGS: tuple[Break, ...] = (
    Break(
        "R1",
        "circulation/policy.py",
        "        yield from dict.fromkeys(block.code.refusal for block",
        "        if not patron.contact_complete:\n            yield Reason.PATRON_BLOCKED\n"
        "        yield from dict.fromkeys(block.code.refusal for block",
        "who has no contact data on record borrows nothing",
    ),
    Break(
        "R2",
        "registry/schools/deadlines.py",
        "    mine = begun[-1] if begun else in_order[0]\n",
        "    mine = in_order[0]\n",
        "the first semester's deadline holds for the whole school year",
    ),
    Break(
        "R3",
        "registry/rosters/matching.py",
        "    if patron is not None and patron.patron_class is PatronClass.PERSONAL and patron.born != row.born:\n",
        "    if patron is not None and patron.born != row.born and folded(patron.name) != folded(row.name):\n",
        "with the same name another birth date binds too",
    ),
    Break(
        "R4",
        "registry/rosters/matching.py",
        "    plan.no_longer_waits += sorted(erased & known.waiting.keys())\n",
        "    plan.no_longer_waits += sorted(erased & plan.waits.keys())\n",
        'a "no" leaves what waits for this person where it is',
    ),
    Break(
        "R5",
        "kiosk/identify.py",
        "    return Refusal.LOST if lost_here or known.state is not CardState.ACTIVE else None\n",
        "    return Refusal.LOST if lost_here else None\n",
        "a kiosk opens a session for a card that was reported lost elsewhere",
    ),
    Break(
        "R6",
        "registry/rosters/card_events.py",
        "    found = obstacle(plan, row, patron, known, row.issued_on)\n",
        '    if patron.card is not None and patron.card.state.value != "lost":\n        return Outcome.UNCHANGED\n'
        "    found = obstacle(plan, row, patron, known, row.issued_on)\n",
        "only a card that was reported lost is replaced by its reissue",
    ),
    Break(
        "R7",
        "registry/cards/store_losses.py",
        "        work.connection.execute(update(card).where(card.c.card_key.in_(keys)).values(state=CardState.LOST.value))\n",
        "        of_them = select(card.c.patron).where(card.c.card_key.in_(keys)).scalar_subquery()\n"
        "        work.connection.execute(update(card).where(card.c.patron.in_(of_them)).values(state=CardState.LOST.value))\n",
        "a report stops all cards of the patron",
    ),
    Break(
        "R8",
        "registry/cards/store_replacements.py",
        "    ended = _end(work, replaced, origin, CardEventKind.REPLACED)\n",
        "    ended = _end(work, replaced, origin, CardEventKind.REPLACED)\n"
        '    block = card.metadata.tables["block"]\n'
        "    work.connection.execute(delete(block).where(block.c.patron.in_([one.patron for one, _ in replaced])))\n",
        "with the replaced card its holder's blocks go",
    ),
    Break(
        "R9",
        "registry/cards/replacement.py",
        "    return BindingRefusal.NUMBER_REPLACED if former == patron else BindingRefusal.BOUND_ELSEWHERE\n",
        "    return BindingRefusal.NUMBER_REPLACED if former == patron else None\n",
        "a number that was somebody else's is taken over silently",
    ),
    Break(
        "R10",
        "registry/rosters/events.py",
        "    FeedEvent.RETURN: BindingChange.END,\n",
        "    FeedEvent.RETURN: BindingChange.END,\n    FeedEvent.CANCELLED: BindingChange.END,\n",
        "註銷 is one more event that ends a binding",
    ),
    Break(
        "R11",
        "registry/people/leaving.py",
        "    return not basis.outlives_the_programme and own_cards == 0\n",
        "    return own_cards == 0\n",
        "who has another basis and no other card loses the account with the consent",
    ),
    Break(
        "R12",
        "registry/people/ages.py",
        "    if age >= rules.adult_from:\n",
        "    if age > rules.adult_from:\n",
        "a guardian still signs for who is eighteen",
    ),
    Break(
        "R13",
        "registry/merges/rules.py",
        "    both = survivor.kinds & vanished.kinds\n",
        "    both = survivor.kinds & vanished.kinds & {CardKind.EASYCARD}\n",
        "two accounts that become one keep two cards of every kind but EasyCards",
    ),
    Break(
        "R14",
        "registry/mobile/desk.py",
        "            if everywhere:\n",
        "            if everywhere and found is None:\n",
        "signing out everywhere signs out this device only",
    ),
    Break(
        "R15",
        "registry/rosters/bindings.py",
        "    return (patron.fresh.card_as_of is not None and day < patron.fresh.card_as_of) or (heard",
        "    return (patron.fresh.card_as_of is None and day < first_day(0)) or (heard",
        "an older word about a card counts as a new one",
    ),
    Break(
        "R16",
        "registry/enrolment/store.py",
        "                p.name,\n",
        "                folded(p.name),\n",
        "a name is stored as it is searched for",
    ),
    Break(
        "R17",
        "registry/desk/losing.py",
        "_ITEMS_NEEDED = 2\n",
        "_ITEMS_NEEDED = 1\n",
        "one identity item is enough by telephone",
    ),
    Break(
        "R18",
        "registry/desk/losing.py",
        "            if any(one.channel is LossChannel.BUREAU for one in standing):\n",
        "            if all(one.channel is LossChannel.BUREAU for one in standing) and not reason:\n",
        "staff give back a card that the Bureau has reported lost",
    ),
    Break(
        "R19",
        "registry/rosters/store_writing.py",
        "        basis=Basis.PROGRAMME,\n",
        "        basis=Basis.PROGRAMME,\n        expires=row.born.replace(day=1, year=row.born.year + 18),\n",
        "an account of the programme expires with the school years",
    ),
    Break(
        "R20",
        "registry/cards/kinds.py",
        "    PatronClass.FAMILY: frozenset({CardKind.BARCODE}),\n",
        "    PatronClass.FAMILY: frozenset({CardKind.BARCODE, CardKind.EASYCARD}),\n",
        "an EasyCard may become a family card",
    ),
    Break(
        "R21",
        "kiosk/present_loans.py",
        '        title = hold.title if visit.titles_shown else ""\n',
        "        title = hold.title\n",
        "a bare card shows what somebody has on hold",
    ),
)

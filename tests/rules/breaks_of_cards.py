"""How the programme's answers on losses, graduation, transfers and many cards are broken (Q6 to Q9): one change of the code for each."""

from tests.rules.breaking import Break

BREAKS_OF_CARDS: tuple[Break, ...] = (
    Break(
        "Q6-1a",
        "registry/desk/losing.py",
        "            return self._stop(work, found, LossCall(found.uid, LossChannel.ONLINE, frozenset()), by)\n",
        "            if self._outside.now().astimezone(self._zone).hour not in range(8, 21):\n"
        "                raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)\n"
        "            return self._stop(work, found, LossCall(found.uid, LossChannel.ONLINE, frozenset()), by)\n",
        "online a loss is taken by day only",
    ),
    Break(
        "Q6-1b",
        "registry/desk/losing.py",
        "            if call.branch is not None and branch_name(work.connection, call.branch) is None:\n",
        "            if call.branch is not None and call.channel is LossChannel.PHONE:\n",
        "a branch takes no loss by telephone",
    ),
    Break(
        "Q6-2",
        "registry/privacy/store_people.py",
        "        if card is None or card.state is not CardState.ACTIVE:\n",
        "        if card is None:\n",
        "whoever has found a lost card is given its holder's data",
    ),
    Break(
        "Q6-3a",
        "registry/rosters/events.py",
        "    FeedEvent.REISSUE: BindingChange.BIND,\n",
        "",
        "a reissue that the Bureau tells of changes no number",
    ),
    Break(
        "Q6-3b",
        "registry/rosters/card_events.py",
        "    return patron if patron is not None and patron.consents else None\n",
        "    return patron\n",
        "whoever is on record gets the reissued number, in the programme or not",
    ),
    Break(
        "Q6-4",
        "registry/cards/store_replacements.py",
        "    return [*ended, *keys]\n",
        "    return keys\n",
        "kiosks hear of the new number and never that the old one is gone",
    ),
    Break(
        "Q7-a",
        "registry/rosters/events.py",
        "            return FeedEvent.RETURN if row.handed_in else FeedEvent.CANCELLED\n",
        "            return FeedEvent.RETURN\n",
        "a student ID that is cancelled and kept ends as one that is handed in",
    ),
    Break(
        "Q7-b",
        "kiosk/desk.py",
        "        return CardTurnedAway(shown, Refusal.ACCOUNT_UNKNOWN) if known is None else",
        "        cards = self._room.in_use().replica.read.cards_of(patron)\n"
        "        return CardTurnedAway(shown, Refusal.ACCOUNT_UNKNOWN) if known is None or not cards else",
        "a mobile card lends only to who has another card too",
    ),
    Break(
        "Q7-c",
        "registry/rosters/matching.py",
        "    if changes_binding(event_of(row)) is BindingChange.BIND:\n        bound = take(",
        "    if changes_binding(event_of(row)) is BindingChange.BIND and not patron.consents:\n        bound = take(",
        "who is in the programme keeps the old school's card in the new school",
    ),
    Break(
        "Q7-d",
        "registry/rosters/store_writing.py",
        "    work.add(consent, ((key, batch.school_year, batch.id) for key in plan.consents))\n",
        "    work.connection.execute(delete(consent).where(consent.c.school_year < batch.school_year))\n"
        "    work.add(consent, ((key, batch.school_year, batch.id) for key in plan.consents))\n",
        "a new school year's file takes away the consents that were not renewed",
    ),
    Break(
        "Q8-a",
        "kiosk/code_clock.py",
        "    return now if told.ago <= fresh or abs(wall - now) <= tolerance else None\n",
        "    return now if told.ago <= fresh else None\n",
        "a mobile card opens nothing while the network is down",
    ),
    Break(
        "Q8-b",
        "registry/people/application.py",
        "    if given.papers not in rules.papers:\n",
        "    if not rules.papers:\n",
        "whatever papers are shown at the desk are accepted",
    ),
    Break(
        "Q9-a",
        "registry/cards/kinds.py",
        "    PatronClass.PERSONAL: frozenset(CardKind),\n",
        "    PatronClass.PERSONAL: frozenset(CardKind) - {CardKind.IPASS},\n",
        "nobody can have an iPASS beside the EasyCard",
    ),
    Break(
        "Q9-b",
        "registry/migrations/versions/r0001_first_tables.py",
        '        batch_op.create_index(batch_op.f("ix_card_patron_kind"), ["patron", "kind"], unique=True)\n',
        '        batch_op.create_index(batch_op.f("ix_card_patron_kind"), ["patron", "kind"], unique=False)\n',
        "the database takes two cards of one kind",
    ),
    Break(
        "Q9-c",
        "registry/rosters/bindings.py",
        "    plan.cards.append(NewCard(patron.id, row, patron.easycard))\n",
        "    plan.cards.append(NewCard(patron.id, row))\n",
        "a student ID is bound beside the EasyCard that is there",
    ),
    Break(
        "Q9-d",
        "registry/cards/store.py",
        "_records(connection, (card.c.patron == patron) & (card.c.kind == kind.value))",
        "_records(connection, card.c.patron == patron)",
        "a new card replaces the first that is found, of whatever kind",
    ),
    Break(
        "Q9-e",
        "registry/rosters/store_writing.py",
        "one.patron, CardKind.EASYCARD, one.row.card, one.replaces)",
        "one.patron, CardKind.CHIP, one.row.card, one.replaces)",
        "a student ID is bound as a chip card",
    ),
)

"""What may be wrong with the two databases, in words for the person who must act."""


class ReplicaError(Exception):
    """The replica can't be used: damaged, another key, another schema, rows that make no sense. Fetch a snapshot; nothing is lost with it."""


class LedgerError(Exception):
    """The ledger can't be opened: missing key, damage, a newer program's file. Nothing may be lent before a person has looked."""


class LedgerDamagedError(LedgerError):
    """The ledger is damaged, cut off, or another key's: no start can open it. It is set aside, never thrown away."""


class LedgerUnwritableError(Exception):
    """The open ledger fails (disk full, read-only, damaged): nothing of the transaction happened, nothing may be shown as done."""

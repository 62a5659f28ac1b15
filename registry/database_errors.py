"""Why a database can't be used, by what must be done about it. No message holds a password or a value of a row."""


class UnusableDatabaseError(Exception):
    """The database can't be used. The message names it and says what to do; nothing was changed."""


class DatabaseAddressError(UnusableDatabaseError):
    """The setting is wrong: the URL can't be read, or the server refuses this user, password or database."""


class DatabaseAwayError(UnusableDatabaseError):
    """The server does not answer, or went away: try again when it is there."""


class DatabaseUnfitError(UnusableDatabaseError):
    """It is there, but not for this program: too old a server, another program's tables or a newer one's, rights that are missing."""

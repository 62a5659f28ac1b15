"""What the law owes people: their requests and its terms, all that is held of them, corrections, where their data came from."""

"""Items: the copies that are lent."""

"""The life of an account: applied for at a desk, with guardians and families, until consent is withdrawn or it ends."""

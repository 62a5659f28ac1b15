"""Cases: what the registry does not decide by itself and lays before staff, with both sides."""

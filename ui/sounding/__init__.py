"""What the screens sound like: which sound a change of the view calls for, which sentence is spoken, and the player."""

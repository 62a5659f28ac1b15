"""The domain of lending, shared by kiosk and registry: no I/O, no clock, standard library and msgspec only."""

"""The library's rules, and what kiosks may do without the registry: dated versions, checked before they hold."""

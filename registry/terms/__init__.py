"""The library's rules: dated versions, checked before they hold."""

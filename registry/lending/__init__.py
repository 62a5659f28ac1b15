"""Branches, rules, calendars, blocks, loans and holds."""

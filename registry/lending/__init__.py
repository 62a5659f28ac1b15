"""Branches, rules, calendars, blocks and loans."""

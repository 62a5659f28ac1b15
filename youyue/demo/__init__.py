"""The demo: a city made from a seed, a registry, two kiosks and a card reader on one machine."""

"""Partners: machines that are not kiosks and speak for themselves, the Education Bureau's system and mobile-card apps."""

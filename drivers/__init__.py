"""Hardware. The other rooms see ``drivers.ports`` only; only the composition root names a driver."""

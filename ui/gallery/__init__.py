"""Every screen in every state, drawn to nowhere: for eyes (``youyue ui gallery``) and for tests. No part of a running kiosk."""

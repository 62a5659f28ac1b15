"""Kiosks: enrolment by a one-time code, and who is who."""

"""Slips on paper: what stands on one (pure), how it is set on a sheet (Qt), and the PDF file that a printer takes."""

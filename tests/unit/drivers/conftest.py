from tests.unit.drivers.scripted_readers import heard, scard

__all__ = ["heard", "scard"]

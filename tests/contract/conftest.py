from tests.pcsc_stack import pcsc_stack

__all__ = ["pcsc_stack"]

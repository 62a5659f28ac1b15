from tests.ui.conftest import fonts, make_bench, qapp_cls

__all__ = ["fonts", "make_bench", "qapp_cls"]

from tests.integration.registry.conftest import _logs_of_its_own, city, founded, home, homes, kiosk, settings, stage, url
from tests.pcsc_stack import pcsc_stack
from tests.postgres import postgres

__all__ = ["_logs_of_its_own", "city", "founded", "home", "homes", "kiosk", "pcsc_stack", "postgres", "settings", "stage", "url"]

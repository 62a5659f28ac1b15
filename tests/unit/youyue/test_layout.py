import pytest
from PySide6.QtCore import QRect

from youyue.demo.layout import arrange


@pytest.mark.parametrize("screen", [QRect(0, 0, 1920, 1080), QRect(0, 0, 1366, 768), QRect(0, 27, 2560, 1413), QRect(1920, 0, 1920, 1200)])
def test_the_three_windows_stand_on_the_screen_and_none_over_another(screen: QRect) -> None:
    layout = arrange(screen)
    windows = [layout.first, layout.tray, layout.second]
    assert all(screen.contains(window) for window in windows)
    assert not any(one.intersects(other) for one in windows for other in windows if one is not other)
    assert all(window.width() > 150 for window in windows)

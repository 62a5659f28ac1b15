"""The limit of M3: as little as a QML application can be, until its first frame. Prints the instant (monotonic nanoseconds).

The limit of M12, too: then it prints the bytes that it holds.
"""

import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

SCREEN = b"""
import QtQuick
Window {
    visible: true
    width: 1080
    height: 1920
    Text { anchors.centerIn: parent; text: "Youyue" }
}
"""

app = QGuiApplication(sys.argv[:1])
engine = QQmlApplicationEngine()
engine.loadData(SCREEN, QUrl())
window = engine.rootObjects()[0]
assert isinstance(window, QQuickWindow)


def drawn() -> None:
    print("frame", time.monotonic_ns(), flush=True)
    held = os.read(os.open("/proc/self/statm", os.O_RDONLY), 200).split()
    print("resident", int(held[1]) * os.sysconf("SC_PAGE_SIZE"), flush=True)
    app.quit()


window.frameSwapped.connect(drawn)
app.exec()

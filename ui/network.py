"""No screen reaches the network: whatever asks for something remote gets an error at once."""

from PySide6.QtCore import QIODevice, QObject, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlAbstractUrlInterceptor, QQmlNetworkAccessManagerFactory

_LOCAL = frozenset({"", "file", "qrc", "image"})


class RefusingAccessManager(QNetworkAccessManager):
    """Answers every request with an error; no host is ever named to the system."""

    def createRequest(  # noqa: N802 - Qt's name
        self,
        op: QNetworkAccessManager.Operation,
        originalReq: QNetworkRequest,  # noqa: ARG002, N803 - Qt's signature
        outgoingData: QIODevice | None = None,  # noqa: ARG002, N803 - Qt's signature
    ) -> QNetworkReply:
        """Ask for an address of no kind, which fails."""
        return super().createRequest(op, QNetworkRequest(QUrl("refused:")), None)


class RefusingNetwork(QQmlNetworkAccessManagerFactory):
    """What the QML engine gets for a network."""

    def create(self, parent: QObject) -> QNetworkAccessManager:
        """Make a manager that refuses."""
        return RefusingAccessManager(parent)


class LocalOnly(QQmlAbstractUrlInterceptor):
    """Turns every remote address in QML into an empty one, before anything looks at it."""

    def intercept(self, path: QUrl | str, type: QQmlAbstractUrlInterceptor.DataType) -> QUrl:  # noqa: A002, ARG002 - Qt's signature
        """Pass what lies on this machine."""
        address = QUrl(path)
        return address if address.scheme() in _LOCAL else QUrl()

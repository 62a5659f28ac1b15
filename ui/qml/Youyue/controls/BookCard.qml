pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A book that only lies there: a thin line, nothing to press.
Item {
    id: card

    property color tone: Theme.magpie
    property int inset: 24
    default property alias content: inside.data

    implicitHeight: inside.childrenRect.height + 2 * inset

    Spine {
        anchors.fill: parent
        spineColor: card.tone
        edgeColor: Theme.line
        edgeWidth: Theme.lineWidth
    }
    Item {
        id: inside
        anchors.fill: parent
        anchors.leftMargin: 60
        anchors.rightMargin: 32
        anchors.topMargin: card.inset
        anchors.bottomMargin: card.inset
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// The heading of a part of a list.
Item {
    id: head

    required property var phrase
    required property string sign
    property color tone: Theme.ink
    property string count: ""

    implicitHeight: Math.max(88, told.implicitHeight + 32)

    Icon {
        id: mark
        x: 48
        anchors.verticalCenter: parent.verticalCenter
        name: head.sign
        color: head.tone
        size: 52
    }
    BilingualText {
        id: told
        anchors.left: mark.right
        anchors.leftMargin: 34
        anchors.right: number.visible ? number.left : parent.right
        anchors.rightMargin: 28
        anchors.verticalCenter: parent.verticalCenter
        phrase: head.phrase
        size: Theme.strong
        secondSize: 28
    }
    PlainText {
        id: number
        visible: text !== ""
        anchors.right: parent.right
        anchors.rightMargin: 40
        anchors.verticalCenter: parent.verticalCenter
        said: head.count
        font.pixelSize: 56
        font.weight: Font.Bold
        lineHeight: 1
        wrapMode: Text.NoWrap
    }
}

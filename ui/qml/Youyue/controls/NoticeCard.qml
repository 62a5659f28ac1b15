pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// Something to know, on a sheet of lantern paper.
Rectangle {
    id: notice

    required property string icon
    required property var title
    required property var note
    property bool tall: false

    implicitHeight: Math.max(tall ? 190 : note.main === "" ? 104 : 120, told.implicitHeight + (tall ? 64 : 40))
    color: Theme.lanternTint
    border.width: Theme.lineWidth
    border.color: Theme.lanternInk
    topLeftRadius: Theme.bookLeft
    bottomLeftRadius: Theme.bookLeft
    topRightRadius: Theme.bookRight
    bottomRightRadius: Theme.bookRight

    Icon {
        id: mark
        x: 32
        anchors.verticalCenter: parent.verticalCenter
        name: notice.icon
        color: Theme.lanternInk
        size: 64
    }
    Column {
        id: told
        anchors.left: mark.right
        anchors.leftMargin: 24
        anchors.right: parent.right
        anchors.rightMargin: 32
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4
        PlainText {
            width: parent.width
            said: notice.title.main
            font.pixelSize: Theme.strong - 4
            font.weight: Font.Bold
        }
        PlainText {
            width: parent.width
            visible: text !== ""
            said: notice.note.main
            font.pixelSize: Theme.caption
        }
    }
}

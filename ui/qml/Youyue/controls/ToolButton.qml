pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A tool on the footer shelf. Turned on it is filled with ink and carries a tick.
Pressable {
    id: tool

    required property string label
    required property string sign
    property bool on: false

    spoken: label
    ringLeft: Theme.toolLeft
    ringRight: Theme.toolRight
    leftPadding: 16
    rightPadding: 16
    checkable: false
    Accessible.checkable: true
    Accessible.checked: tool.on

    background: Rectangle {
        color: tool.on ? Theme.ink : tool.down ? Theme.sand : Theme.page
        border.width: Theme.edgeWidth
        border.color: tool.on ? Theme.ink : Theme.edge
        topLeftRadius: Theme.toolLeft
        bottomLeftRadius: Theme.toolLeft
        topRightRadius: Theme.toolRight
        bottomRightRadius: Theme.toolRight
    }

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight
        Row {
            id: row
            anchors.centerIn: parent
            spacing: 14
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: tool.on ? "check" : tool.sign
                color: tool.on ? Theme.page : Theme.ink
                size: 44
            }
            PlainText {
                anchors.verticalCenter: parent.verticalCenter
                text: tool.label
                font.pixelSize: Theme.body
                font.weight: Font.Bold
                color: tool.on ? Theme.page : Theme.ink
                wrapMode: Text.NoWrap
            }
        }
    }
}

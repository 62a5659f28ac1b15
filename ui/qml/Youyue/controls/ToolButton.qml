pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A tool on the footer shelf: sign and word side by side, or one above the other. Turned on it is filled with ink.
Pressable {
    id: tool

    required property string label
    required property string sign
    property bool on: false
    property bool ticked: on // a tick in place of the sign says "on" without colour

    property bool upright: false

    spoken: label
    ringLeft: Theme.toolLeft
    ringRight: Theme.toolRight
    leftPadding: 8
    rightPadding: 8
    implicitHeight: upright ? 112 : Theme.target
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
        implicitWidth: grid.implicitWidth
        implicitHeight: grid.implicitHeight
        Grid {
            id: grid
            anchors.centerIn: parent
            columns: tool.upright ? 1 : 2
            columnSpacing: 14
            rowSpacing: 2
            horizontalItemAlignment: Grid.AlignHCenter
            verticalItemAlignment: Grid.AlignVCenter
            Icon {
                name: tool.ticked ? "check" : tool.sign
                color: tool.on ? Theme.page : Theme.ink
                size: tool.upright ? 40 : 44
            }
            PlainText {
                said: tool.label
                font.pixelSize: tool.upright ? Math.min(Theme.body, 36) : Theme.body
                font.weight: Font.Bold
                color: tool.on ? Theme.page : Theme.ink
                wrapMode: Text.NoWrap
            }
        }
    }
}

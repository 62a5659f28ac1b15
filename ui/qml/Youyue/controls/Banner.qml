pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue

// Across the whole screen: something is different now, and what still works.
Rectangle {
    id: banner

    required property var notice
    property bool wide: false

    readonly property bool offline: notice.kind === "offline"
    readonly property color words: offline ? Theme.onLantern : Theme.ink
    readonly property color tone: offline ? Theme.onLantern : notice.kind === "other_card" ? Theme.azalea : Theme.beak

    implicitHeight: text.implicitHeight + (wide ? 28 : 36)
    color: offline ? Theme.lantern : notice.kind === "other_card" ? Theme.azaleaTint : Theme.beakTint
    border.width: Theme.highContrast && !offline ? Theme.edgeWidth : 0
    border.color: tone
    Accessible.role: Accessible.AlertMessage
    Accessible.name: notice.title.main + " " + notice.note.main

    Icon {
        id: icon
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        size: banner.wide ? 60 : 76
        name: banner.offline ? "offline" : banner.notice.kind === "other_card" ? "card" : "alert"
        color: banner.tone
    }
    GridLayout {
        id: text
        anchors.left: icon.right
        anchors.leftMargin: 32
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        columns: banner.wide ? 3 : 1
        columnSpacing: 32
        rowSpacing: 0
        PlainText {
            Layout.fillWidth: !banner.wide
            text: banner.notice.title.main
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
            color: banner.words
        }
        PlainText {
            Layout.fillWidth: true
            text: banner.notice.note.main
            font.pixelSize: Theme.caption
            color: banner.words
        }
        PlainText {
            Layout.fillWidth: !banner.wide
            visible: !Theme.largeType
            text: banner.notice.title.second
            font.pixelSize: 28
            color: banner.words
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue

// Across the whole screen: something is different now, and what still works.
Rectangle {
    id: banner

    required property var notice
    property bool wide: false

    readonly property bool offline: notice.kind.startsWith("offline")
    readonly property bool red: notice.kind === "offline_red" || notice.kind === "stopped"
    readonly property bool amber: notice.kind === "offline_amber"
    readonly property bool slips: notice.kind === "slips"
    readonly property color words: red ? Theme.onFill : offline ? Theme.onLantern : Theme.ink
    readonly property color tone: offline || red ? words : notice.kind === "other_card" ? Theme.azalea : slips ? Theme.lanternInk : Theme.beak

    readonly property bool dense: wide && !Theme.largeType // two languages on the height of one line: a lying page has none to spare

    implicitHeight: text.implicitHeight + (dense ? 8 : wide ? 28 : 36)
    color: red ? Theme.beak : amber ? Theme.amber : offline ? Theme.lantern : notice.kind === "other_card" ? Theme.azaleaTint : slips ? Theme.lanternTint : Theme.beakTint
    border.width: Theme.highContrast && !offline && !red ? Theme.edgeWidth : 0
    border.color: tone
    Accessible.role: Accessible.AlertMessage
    Accessible.name: notice.title.main + " " + notice.note.main

    Icon {
        id: icon
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        size: banner.wide ? 60 : 76
        name: banner.offline ? "offline" : banner.notice.kind === "other_card" ? "card" : banner.notice.kind === "scan" ? "scan" : banner.slips ? "slip" : "alert"
        color: banner.tone
    }
    Column {
        id: text
        anchors.left: icon.right
        anchors.leftMargin: 32
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        GridLayout {
            width: parent.width
            columns: banner.wide ? 2 : 1
            columnSpacing: 32
            rowSpacing: 0
            PlainText {
                Layout.fillWidth: !banner.wide
                said: banner.notice.title.main
                font.pixelSize: banner.dense ? Theme.body : Theme.strong
                font.weight: Font.Bold
                color: banner.words
            }
            PlainText {
                Layout.fillWidth: true
                said: banner.notice.note.main
                font.pixelSize: Theme.caption
                color: banner.words
            }
        }
        GridLayout {
            visible: Theme.paired
            width: parent.width
            columns: banner.wide ? 2 : 1
            columnSpacing: 32
            rowSpacing: 0
            PlainText {
                Layout.fillWidth: !banner.wide
                visible: Theme.paired
                said: banner.notice.title.second
                font.pixelSize: 28
                color: banner.words
            }
            PlainText {
                Layout.fillWidth: true
                visible: Theme.paired
                said: banner.notice.note.second
                font.pixelSize: 28
                color: banner.words
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What came of something, and what to do about it: good, bad, or something more is wanted. The shape of the sign says it, not only the colour.
Rectangle {
    id: card

    required property var title
    required property var advice
    property string mood: "bad" // good, bad, wait

    readonly property var look: ({
            good: [Theme.banyan, Theme.banyanTint, "check"],
            bad: [Theme.beak, Theme.beakTint, "cross"],
            wait: [Theme.lanternInk, Theme.lanternTint, "info"]
        })[mood]

    implicitHeight: Math.max(124, said.implicitHeight + 40)
    color: look[1]
    border.width: Theme.lineWidth
    border.color: look[0]
    topLeftRadius: Theme.bookLeft
    bottomLeftRadius: Theme.bookLeft
    topRightRadius: Theme.bookRight
    bottomRightRadius: Theme.bookRight
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title.main + " " + advice.main

    Rectangle {
        id: mark
        x: 28
        anchors.verticalCenter: parent.verticalCenter
        width: 72
        height: 72
        radius: card.mood === "bad" ? 14 : 36
        color: card.look[0]
        Icon {
            anchors.centerIn: parent
            name: card.look[2]
            color: Theme.onFill
            size: 42
        }
    }
    Column {
        id: said
        anchors.left: mark.right
        anchors.leftMargin: 26
        anchors.right: parent.right
        anchors.rightMargin: 28
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4
        PlainText {
            width: parent.width
            said: card.title.main
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        PlainText {
            width: parent.width
            visible: text !== ""
            said: card.advice.main
        }
        PlainText {
            width: parent.width
            visible: Theme.paired && card.title.second !== ""
            said: card.title.second + " · " + card.advice.second
            font.pixelSize: 28
            color: Theme.ink
        }
    }
}

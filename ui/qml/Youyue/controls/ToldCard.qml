pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What came of something: good, bad, or something more is wanted. The shape of the sign says it, not only the colour.
Rectangle {
    id: card

    required property var told // mood, title, note

    readonly property var looks: ({
            good: [Theme.banyan, Theme.banyanTint, "check"],
            bad: [Theme.beak, Theme.beakTint, "cross"],
            wait: [Theme.lanternInk, Theme.lanternTint, "info"]
        })
    readonly property var look: looks[told.mood]

    implicitHeight: Math.max(112, said.implicitHeight + 36)
    color: look[1]
    border.width: Theme.lineWidth
    border.color: look[0]
    topLeftRadius: Theme.bookLeft
    bottomLeftRadius: Theme.bookLeft
    topRightRadius: Theme.bookRight
    bottomRightRadius: Theme.bookRight
    Accessible.role: Accessible.AlertMessage
    Accessible.name: told.title + " " + told.note

    Rectangle {
        id: mark
        x: 28
        anchors.verticalCenter: parent.verticalCenter
        width: 64
        height: 64
        radius: card.told.mood === "bad" ? 14 : 32
        color: card.look[0]
        Icon {
            anchors.centerIn: parent
            name: card.look[2]
            color: Theme.onFill
            size: 38
        }
    }
    Column {
        id: said
        anchors.left: mark.right
        anchors.leftMargin: 24
        anchors.right: parent.right
        anchors.rightMargin: 28
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4
        PlainText {
            width: parent.width
            said: card.told.title
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        PlainText {
            width: parent.width
            visible: text !== ""
            said: card.told.note
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One figure with its word: overdue, due soon.
BookCard {
    id: tally

    required property int shown
    required property string icon
    required property color tint
    required property var title
    required property var note
    property bool narrow: false

    implicitHeight: Math.max(Theme.largeType ? 104 : 136, said.implicitHeight + 40)
    inset: 16
    IconDisc {
        id: tallyIcon
        visible: !Theme.largeType && !tally.narrow
        anchors.verticalCenter: parent.verticalCenter
        size: 76
        name: tally.icon
        ink: tally.tone
        color: tally.tint
    }
    Column {
        id: said
        x: tallyIcon.visible ? tallyIcon.width + 20 : 0
        width: count.x - x - 8
        anchors.verticalCenter: parent.verticalCenter
        PlainText {
            width: parent.width
            text: tally.title.main
            font.pixelSize: Theme.strong - 2
            font.weight: Font.Bold
        }
        PlainText {
            width: parent.width
            visible: !Theme.largeType
            text: tally.note.main
            font.pixelSize: 28
            color: Theme.ink2
        }
    }
    PlainText {
        id: count
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: tally.shown
        font.pixelSize: Theme.figure
        font.weight: Font.Bold
        lineHeight: 1
    }
}

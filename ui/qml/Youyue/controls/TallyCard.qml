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

    readonly property bool noted: note.main !== "" && !Theme.largeType // the note may stand below the figure

    implicitHeight: Math.max(Theme.largeType ? 104 : narrow ? 112 : 136, said.implicitHeight + (noted ? 32 : 48))
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
        width: parent.width - x
        anchors.verticalCenter: parent.verticalCenter
        spacing: 2
        Item {
            id: first
            width: parent.width
            height: tally.noted ? Math.max(64, title.height) : title.height
            PlainText {
                id: title
                width: count.x - said.x - 8
                anchors.verticalCenter: parent.verticalCenter
                said: tally.title.main
                font.pixelSize: Theme.largeType ? Theme.strong - 2 : Theme.zhuyin ? Theme.leastRead : tally.narrow ? Theme.body : Theme.strong - 2
                font.weight: Font.Bold
            }
        }
        PlainText {
            width: parent.width
            visible: tally.noted
            said: tally.note.main
            font.pixelSize: Theme.zhuyin ? Theme.leastRead : 28
            color: Theme.ink2
        }
    }
    PlainText {
        id: count
        anchors.right: parent.right
        y: tally.noted ? said.y + (first.height - height) / 2 : (parent.height - height) / 2
        said: tally.shown
        font.pixelSize: tally.noted ? 56 : Theme.figure
        font.weight: Font.Bold
        lineHeight: 1
    }
}

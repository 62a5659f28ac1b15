pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// One item that came back: where it is to be put, in words and with a sign, and what is worth saying.
EntryLine {
    id: entry

    required property var line // of the view model's lines
    required property bool latest
    required property Words words
    property bool still: false // on the goodbye slip the place matters no more

    readonly property var signs: ({ shelf: "return", hold_shelf: "hold", other_branch: "slip", staff: "people" })
    readonly property var inks: ({ shelf: Theme.banyan, hold_shelf: Theme.magpie, other_branch: Theme.tea, staff: Theme.lanternInk })
    readonly property var tints: ({ shelf: Theme.banyanTint, hold_shelf: Theme.magpieTint, other_branch: Theme.teaTint, staff: Theme.lanternTint })
    readonly property color ink: inks[line.destination]
    readonly property bool large: latest && !still

    sign: !line.taken ? "cross" : line.destination === "staff" ? "alert" : "check"
    square: !line.taken || line.destination === "staff"
    tone: !line.taken ? Theme.beak : line.destination === "staff" ? Theme.lanternInk : Theme.banyan
    ground: line.taken ? "transparent" : Theme.beakTint
    aside: latest && !still ? fresh : null

    Component {
        id: fresh
        StatusTag {
            word: entry.words.say("borrow.new")
            tone: Theme.banyan
        }
    }
    PlainText {
        width: parent.width
        outside: true
        maximumLineCount: 2
        said: entry.line.title
        font.pixelSize: Theme.strong
        font.weight: Font.Bold
        lineHeight: 1.15
    }
    Rectangle {
        width: parent.width
        height: Math.max(place.size + 24, where.implicitHeight + (entry.large ? 32 : 20))
        color: entry.tints[entry.line.destination]
        border.width: entry.large || Theme.highContrast ? Theme.lineWidth : 0
        border.color: entry.ink
        topLeftRadius: 8
        bottomLeftRadius: 8
        topRightRadius: 28
        bottomRightRadius: 28
        Icon {
            id: place
            x: 20
            anchors.verticalCenter: parent.verticalCenter
            name: entry.signs[entry.line.destination]
            color: entry.ink
            size: entry.large ? 76 : 48
        }
        BilingualText {
            id: where
            anchors.left: place.right
            anchors.leftMargin: 20
            anchors.right: parent.right
            anchors.rightMargin: 20
            anchors.verticalCenter: parent.verticalCenter
            phrase: entry.large ? entry.line.where : ({ main: entry.line.where.main, second: "" })
            size: entry.large ? Theme.heading : Theme.body
            secondSize: 28
        }
    }
    Repeater {
        model: entry.line.notes
        delegate: Row {
            id: note

            required property var modelData

            topPadding: 4
            spacing: 14
            Icon {
                id: pointer
                anchors.verticalCenter: parent.verticalCenter
                name: "info"
                color: Theme.ink2
                size: 36
            }
            PlainText {
                width: place.parent.width - pointer.width - 14
                said: note.modelData.main
            }
        }
    }
}

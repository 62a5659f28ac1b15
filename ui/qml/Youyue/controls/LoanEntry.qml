pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// One loan: until when, and whether it may be kept longer; if not, why.
EntryLine {
    id: entry

    required property var line // of the view model's lines
    required property Words words
    property bool still: false // on the goodbye slip nothing can be pressed

    readonly property bool renewed: line.state === "renewed"
    readonly property bool refused: line.state === "refused"

    signal renewing
    signal focused

    sign: renewed ? "check" : refused ? "cross" : line.overdue ? "alert" : "book"
    square: refused || line.overdue && !renewed
    hollow: !renewed && !refused && !line.overdue
    tone: renewed ? Theme.banyan : refused || line.overdue ? Theme.beak : Theme.tea
    ground: renewed && !still ? Theme.banyanTint : refused ? Theme.beakTint : "transparent"
    aside: line.can_renew && !still ? button : null

    Component {
        id: button
        BookButton {
            bound: false
            sign: "renew"
            size: Theme.body + 2
            phrase: entry.words.phrase("loans.renew")
            spoken: phrase.main + " " + entry.line.title
            onClicked: entry.renewing()
            onActiveFocusChanged: {
                if (activeFocus)
                    entry.focused()
            }
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
    Flow {
        width: parent.width
        spacing: 16
        PlainText {
            visible: entry.line.overdue && !entry.renewed
            said: entry.words.say("loan.overdue")
            font.weight: Font.Bold
            color: Theme.beak
        }
        PlainText {
            visible: entry.renewed || entry.refused
            said: entry.line.status.main
            font.weight: Font.Bold
            color: entry.tone
        }
        PlainText {
            width: Math.min(implicitWidth, parent?.width ?? implicitWidth)
            said: entry.line.due.main
            font.weight: Font.Bold
        }
        PlainText {
            visible: text !== "" && !entry.still
            width: Math.min(implicitWidth, parent?.width ?? implicitWidth)
            said: entry.line.spare.main
            color: entry.renewed ? Theme.ink : Theme.ink2
        }
    }
    PlainText {
        width: parent.width
        visible: text !== "" && Theme.paired && !entry.renewed && !entry.refused
        said: entry.line.due.second
        font.pixelSize: 28
        color: Theme.ink2
    }
    Repeater {
        model: entry.line.reasons
        delegate: PlainText {
            required property var modelData
            required property int index

            width: parent?.width ?? 0
            said: index === 0 && entry.line.state === "not_possible" ? entry.line.status.main + " · " + modelData.main : modelData.main
        }
    }
    PlainText {
        width: parent.width
        visible: text !== "" && entry.refused
        said: entry.line.instruction.main
        font.weight: Font.Bold
    }
}

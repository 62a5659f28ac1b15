pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One part of the kiosk: how it is and since when; where it is not well, why, and what to do.
EntryLine {
    id: entry

    required property var part // of the view model's parts

    readonly property bool well: part.state === "ready"

    sign: well ? "check" : part.state === "missing" ? "cross" : "alert"
    hollow: well
    square: !well
    tone: well ? Theme.banyan : part.state === "missing" ? Theme.beak : Theme.lanternInk

    Flow {
        width: parent.width
        spacing: 20
        PlainText {
            width: Math.min(implicitWidth, parent?.width ?? implicitWidth)
            said: entry.part.name
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        PlainText {
            width: Math.min(implicitWidth, parent?.width ?? implicitWidth)
            said: entry.part.word
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
            color: entry.tone
        }
        PlainText {
            width: Math.min(implicitWidth, parent?.width ?? implicitWidth)
            said: entry.part.since
            topPadding: 8
            font.pixelSize: Theme.caption
            color: Theme.ink2
        }
    }
    PlainText {
        width: parent.width
        visible: text !== ""
        said: entry.part.why
        font.weight: Font.Bold
    }
    PlainText {
        width: parent.width
        visible: text !== ""
        said: entry.part.do
    }
}

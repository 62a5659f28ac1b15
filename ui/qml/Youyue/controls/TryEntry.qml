pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What a device made of the last try, or what to do to try it.
EntryLine {
    id: entry

    required property string device // the icon of what is tried
    required property string heading
    required property var told // mood, title, note

    readonly property bool waits: told.mood === "wait"

    sign: waits ? device : told.mood === "good" ? "check" : "cross"
    hollow: waits
    square: told.mood === "bad"
    tone: waits ? Theme.magpie : told.mood === "good" ? Theme.banyan : Theme.beak

    PlainText {
        width: parent.width
        said: entry.heading
        font.pixelSize: Theme.caption
        font.weight: Font.Bold
        color: Theme.ink2
    }
    PlainText {
        width: parent.width
        said: entry.told.title
        font.pixelSize: Theme.strong
        font.weight: Font.Bold
    }
    PlainText {
        width: parent.width
        visible: text !== ""
        outside: true
        said: entry.told.note
    }
}

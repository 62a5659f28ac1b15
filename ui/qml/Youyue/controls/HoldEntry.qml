pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One hold: where it is to be collected and until when, or the place in the queue.
EntryLine {
    id: entry

    required property var line // of the view model's lines
    required property bool ready

    sign: ready ? "hold" : "clock"
    tone: ready ? Theme.banyan : Theme.magpie
    hollow: !ready
    aside: line.shelf.main !== "" && !Theme.largeType ? tag : null

    Component {
        id: tag
        Rectangle {
            implicitWidth: Math.min(Theme.zhuyin ? 420 : 300, shelf.implicitWidth + 48)
            implicitHeight: shelf.implicitHeight + 32
            color: Theme.banyan
            topLeftRadius: 8
            bottomLeftRadius: 8
            topRightRadius: 22
            bottomRightRadius: 22
            PlainText {
                id: shelf
                x: 24
                width: parent.width - 48
                anchors.verticalCenter: parent.verticalCenter
                outside: true
                maximumLineCount: 1
                said: entry.line.shelf.main
                font.weight: Font.Bold
                color: Theme.onFill
                horizontalAlignment: Text.AlignHCenter
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
    PlainText {
        width: parent.width
        outside: true
        maximumLineCount: 2
        said: entry.line.where.main
        font.weight: Font.Bold
        color: entry.tone
    }
    PlainText {
        width: parent.width
        visible: text !== ""
        said: entry.line.when.main
        font.weight: Font.Bold
    }
    PlainText {
        width: parent.width
        visible: text !== "" && Theme.largeType
        outside: true
        maximumLineCount: 1
        said: entry.line.shelf.main
        font.weight: Font.Bold
    }
    PlainText {
        width: parent.width
        visible: Theme.paired
        outside: true
        maximumLineCount: 1
        said: entry.line.where.second + (entry.line.when.second !== "" ? " · " + entry.line.when.second : "")
        font.pixelSize: 28
        color: Theme.ink2
    }
}

import QtQuick
import Youyue

// The lines of a slip, the newest first, all of them made: there are a few dozen at most. Qt's own ListView, which makes only
// those that are seen, laid lines of different heights upon one another, and once it never came to an end placing them.
Flickable {
    id: list

    property alias model: lines.model
    property alias delegate: lines.delegate
    readonly property int count: lines.count

    property bool begun: false // lines that were there before the page are not seen coming

    contentHeight: column.height
    interactive: contentHeight > height
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.List
    Component.onCompleted: begun = true

    function reveal(line: Item): void {
        contentY = Math.max(line.y + line.height - height, Math.min(line.y, contentY));
    }

    Column {
        id: column
        width: list.width
        Repeater {
            id: lines
            onCountChanged: list.contentY = 0
        }
    }
    Rail {
        view: list
    }
}

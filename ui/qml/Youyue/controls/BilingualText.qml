pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// The main language, and the second one below it. In large type the second line makes room.
Item {
    id: both

    property var phrase: ({ main: "", second: "" })
    property int size: Theme.strong
    property int secondSize: Theme.caption
    property int weight: Font.Bold
    property color color: Theme.ink
    property color secondColor: Theme.ink2
    property int alignment: Text.AlignLeft

    readonly property bool paired: phrase.second !== "" && Theme.paired

    implicitWidth: Math.ceil(Math.max(first.implicitWidth, paired ? other.implicitWidth : 0))
    implicitHeight: paired ? other.y + other.height : first.height

    PlainText {
        id: first
        width: both.width
        said: both.phrase.main
        font.pixelSize: both.size
        font.weight: both.weight
        color: both.color
        horizontalAlignment: both.alignment
    }
    PlainText {
        id: other
        y: first.height + 2
        width: both.width
        visible: both.paired
        said: both.phrase.second
        font.pixelSize: both.secondSize
        color: both.secondColor
        horizontalAlignment: both.alignment
    }
}

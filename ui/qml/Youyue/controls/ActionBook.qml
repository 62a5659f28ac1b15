pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A further action as a book: upright with its sign above the words, lying with the sign beside them.
Pressable {
    id: action

    required property var phrase
    required property string sign
    required property color tone
    property var note: ({ main: "", second: "" })
    property bool upright: false
    property int size: Theme.zhuyin ? (upright ? 38 : 44) : upright && Theme.largeType ? 46 : Theme.heading

    readonly property bool noted: note.main !== "" && !Theme.largeType && !Theme.zhuyin

    spoken: phrase.main
    implicitHeight: upright ? 200 : Math.max(noted ? 136 : 112, said.implicitHeight + 40)
    leftPadding: 60
    rightPadding: 20
    topPadding: 10
    bottomPadding: 10

    background: Spine {
        cover: action.down ? Theme.sand : Theme.page
        spineColor: action.tone
    }
    contentItem: Item {
        implicitWidth: said.implicitWidth + (action.upright ? 0 : 88)
        implicitHeight: action.upright ? drawn.height + 8 + words.implicitHeight : Math.max(drawn.height, words.implicitHeight)
        Icon {
            id: drawn
            name: action.sign
            color: action.tone
            size: action.upright ? Math.min(96, Math.max(52, action.height - words.implicitHeight - 56)) : 64
            y: action.upright ? (parent.height - height - words.implicitHeight - 8) / 2 : (parent.height - height) / 2
        }
        Column {
            id: words
            x: action.upright ? 0 : 88
            y: action.upright ? drawn.y + drawn.height + 8 : (parent.height - height) / 2
            width: parent.width - x
            spacing: 2
            BilingualText {
                id: said
                width: parent.width
                phrase: action.noted ? ({ main: action.phrase.main, second: "" }) : action.phrase
                size: action.size
                secondSize: 28
            }
            PlainText {
                width: parent.width
                visible: action.noted
                said: action.note.main
                font.pixelSize: 28
                color: Theme.ink2
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// A book with a long list in it: it scrolls by hand, and by a page with two large keys below.
Item {
    id: paged

    required property Words words
    property color tone: Theme.tea
    property string listName: ""

    default property alias content: lines.data

    function reveal(top: real, bottom: real) {
        list.contentY = Math.max(0, Math.min(list.contentHeight - list.height, Math.max(bottom - list.height, Math.min(list.contentY, top))))
    }

    Item {
        width: parent.width
        height: parent.height - (keys.visible ? keys.height + Theme.gap : 0)
        Spine {
            anchors.fill: parent
            spineColor: paged.tone
            edgeColor: Theme.line
            edgeWidth: Theme.lineWidth
        }
        Flickable {
            id: list
            anchors.fill: parent
            anchors.leftMargin: 16
            anchors.topMargin: 4
            anchors.bottomMargin: 4
            anchors.rightMargin: 4
            contentHeight: lines.height
            interactive: contentHeight > height
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: paged.listName
            Column {
                id: lines
                width: parent.width
            }
            Rail {
                view: list
            }
        }
    }
    PageKeys {
        id: keys
        anchors.bottom: parent.bottom
        width: parent.width
        view: list
        room: paged.height - 8
        words: paged.words
    }
}

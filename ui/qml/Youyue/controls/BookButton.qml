pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A secondary action: a book to be opened, with the edge that says "press me". Without a spine it is a tool.
Pressable {
    id: button

    required property var phrase
    property string sign: ""
    property color tone: Theme.magpie
    property bool bound: true
    property int size: Theme.strong

    spoken: phrase.main
    implicitHeight: 112
    leftPadding: bound ? 60 : 28
    rightPadding: 32
    topPadding: 10
    bottomPadding: 10

    background: Spine {
        cover: button.down || !button.enabled ? Theme.sand : Theme.page
        edgeColor: button.enabled ? Theme.edge : Theme.line
        spineColor: button.tone
        bound: button.bound
    }

    contentItem: Item {
        id: content
        readonly property int signWidth: button.sign !== "" ? 72 : 0

        implicitWidth: signWidth + words.implicitWidth // not the row's: that follows the width it is given
        implicitHeight: row.implicitHeight
        Row {
            id: row
            anchors.verticalCenter: parent.verticalCenter
            x: button.bound ? 0 : (parent.width - width) / 2
            spacing: 20
            Icon {
                visible: button.sign !== ""
                anchors.verticalCenter: parent.verticalCenter
                name: button.sign
                color: button.bound ? button.tone : Theme.ink
                size: 52
            }
            BilingualText {
                id: words
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, content.width - content.signWidth)
                phrase: button.phrase
                size: button.size
            }
        }
    }
}

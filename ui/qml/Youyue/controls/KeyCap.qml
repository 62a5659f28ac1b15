pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One key of the in-app keypads: a character, or a sign with its word. The one that ends the typing is filled.
Pressable {
    id: key

    property string letter: ""
    property string word: ""
    property string sign: ""
    property bool filled: false
    property int size: 60

    readonly property color ink: !enabled ? Theme.ink2 : filled ? Theme.onFill : Theme.ink

    spoken: letter !== "" ? letter : word
    ringLeft: Theme.toolLeft
    ringRight: Theme.toolRight
    leftPadding: 4
    rightPadding: 4

    background: Rectangle {
        color: !key.enabled ? Theme.sand : key.filled ? (key.down ? Theme.magpieDeep : Theme.magpie) : key.down ? Theme.sand : Theme.page
        border.width: !key.enabled ? Theme.lineWidth : key.filled ? 0 : Theme.edgeWidth
        border.color: key.enabled ? Theme.edge : Theme.line
        topLeftRadius: Theme.toolLeft
        bottomLeftRadius: Theme.toolLeft
        topRightRadius: Theme.toolRight
        bottomRightRadius: Theme.toolRight
    }
    contentItem: Item {
        implicitWidth: drawn.visible ? said.implicitWidth + 56 : said.implicitWidth
        implicitHeight: said.implicitHeight
        Column {
            anchors.centerIn: parent
            width: parent.width
            Icon {
                id: drawn
                visible: key.sign !== ""
                anchors.horizontalCenter: parent.horizontalCenter
                name: key.sign
                color: key.ink
                size: Theme.lowReach ? Math.min(52, Math.round(key.height * 0.36)) : 52
            }
            PlainText {
                id: said
                width: parent.width
                said: key.letter !== "" ? key.letter : key.word
                font.pixelSize: key.letter !== "" ? (Theme.lowReach ? Math.min(key.size, key.height * 0.6) : key.size) : Theme.largeType ? 38 : Theme.zhuyin ? Theme.leastRead : 34
                font.weight: Font.Bold
                color: key.ink
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.NoWrap
                lineHeight: 1.05
            }
        }
    }
}

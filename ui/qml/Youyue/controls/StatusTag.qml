pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A short word on a tag.
Rectangle {
    id: tag

    required property string word
    property color tone: Theme.beak

    implicitWidth: text.implicitWidth + 40
    implicitHeight: text.implicitHeight + 16
    color: Theme.page
    border.width: Theme.lineWidth
    border.color: tone
    topLeftRadius: 8
    bottomLeftRadius: 8
    topRightRadius: 22
    bottomRightRadius: 22

    PlainText {
        id: text
        anchors.centerIn: parent
        said: tag.word
        font.pixelSize: Theme.caption
        font.weight: Font.Bold
        wrapMode: Text.NoWrap
    }
}

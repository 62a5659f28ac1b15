pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// What a slip is called, and that its newest line stands first.
Item {
    id: head

    required property Words words
    required property string title
    property bool lines: false // there are any

    height: 84
    PlainText {
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        said: head.title
        font.pixelSize: Theme.strong
        font.weight: Font.Bold
    }
    PlainText {
        visible: !Theme.largeType && head.lines
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        said: head.words.say("borrow.newest")
        font.pixelSize: Theme.caption
        color: Theme.ink2
    }
}

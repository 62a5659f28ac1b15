pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What is wrong, and what to do about it: a square sign, not only a colour.
Rectangle {
    id: problem

    required property var title
    required property var advice

    implicitHeight: Math.max(124, said.implicitHeight + 40)
    color: Theme.beakTint
    border.width: Theme.lineWidth
    border.color: Theme.beak
    topLeftRadius: Theme.bookLeft
    bottomLeftRadius: Theme.bookLeft
    topRightRadius: Theme.bookRight
    bottomRightRadius: Theme.bookRight
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title.main + " " + advice.main

    Rectangle {
        id: mark
        x: 28
        anchors.verticalCenter: parent.verticalCenter
        width: 72
        height: 72
        radius: 14
        color: Theme.beak
        Icon {
            anchors.centerIn: parent
            name: "cross"
            color: Theme.onFill
            size: 42
        }
    }
    Column {
        id: said
        anchors.left: mark.right
        anchors.leftMargin: 26
        anchors.right: parent.right
        anchors.rightMargin: 28
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4
        PlainText {
            width: parent.width
            said: problem.title.main
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        PlainText {
            width: parent.width
            said: problem.advice.main
        }
        PlainText {
            width: parent.width
            visible: Theme.paired
            said: problem.title.second + " · " + problem.advice.second
            font.pixelSize: 28
            color: Theme.ink
        }
    }
}

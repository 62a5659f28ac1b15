pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One line of a list: a sign, its story, and what can be done with it. A square sign says that something is in the way.
Item {
    id: entry

    required property string sign
    required property color tone
    property color ground: "transparent"
    property bool square: false
    property bool hollow: false // only a state, nothing that happened
    property Component aside: null
    property bool ruled: true

    default property alias story: told.data

    implicitHeight: Math.max(told.y + told.height, beside.item ? beside.y + beside.height : 0, mark.y + mark.height) + 22

    Rectangle {
        visible: entry.ground.a > 0 && !Theme.highContrast
        anchors.fill: parent
        anchors.bottomMargin: 2
        color: entry.ground
    }
    Rectangle {
        visible: entry.ground.a > 0
        width: 16
        height: parent.height - 2
        color: entry.tone
    }
    Rectangle {
        id: mark
        x: 40
        y: 28
        width: 72
        height: 72
        radius: entry.square ? 14 : 36
        color: entry.hollow ? "transparent" : entry.tone
        border.width: entry.hollow ? Theme.edgeWidth : 0
        border.color: entry.tone
        Icon {
            anchors.centerIn: parent
            name: entry.sign
            color: entry.hollow ? entry.tone : Theme.onFill
            size: 42
        }
    }
    Column {
        id: told
        anchors.left: mark.right
        anchors.leftMargin: 26
        anchors.right: beside.item ? beside.left : parent.right
        anchors.rightMargin: 28
        y: 22
        spacing: 6
    }
    Loader {
        id: beside
        anchors.right: parent.right
        anchors.rightMargin: 28
        y: 20
        sourceComponent: entry.aside
    }
    Image {
        visible: entry.ruled
        anchors.bottom: parent.bottom
        x: 28
        width: Math.floor((parent.width - 56) / 10) * 10
        height: 4
        sourceSize.width: 10
        sourceSize.height: 4
        fillMode: Image.TileHorizontally
        source: "image://icon/dot/" + Theme.edge.toString().slice(1) + "/4"
        Accessible.ignored: true
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A slip without a line yet: how to scan, drawn where there is room, or what helps where nothing can be scanned.
Column {
    id: empty

    required property var advice
    required property bool scanning
    required property color cover

    anchors.centerIn: parent
    width: parent.width - 96
    spacing: 36
    ScanPicture {
        visible: empty.scanning && empty.parent.height > (Theme.largeType ? 600 : 480)
        size: 280
        cover: empty.cover
        anchors.horizontalCenter: parent.horizontalCenter
    }
    BilingualText {
        width: parent.width
        phrase: empty.advice
        size: Theme.strong
        alignment: Text.AlignHCenter
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// Shows that there is more below, and where one is.
Rectangle {
    id: rail

    required property Flickable view

    parent: view
    visible: view.contentHeight > view.height + 1
    anchors.right: parent.right
    anchors.rightMargin: 2
    width: 10
    radius: 5
    color: Theme.edge
    y: view.visibleArea.yPosition * view.height
    height: view.visibleArea.heightRatio * view.height
}

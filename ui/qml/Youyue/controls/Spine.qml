pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// A book lying face up: spine and hinge on the left, the fore edge rounded on the right.
Item {
    id: book

    property color cover: Theme.page
    property color spineColor: Theme.magpie
    property color edgeColor: Theme.edge
    property int edgeWidth: Theme.edgeWidth
    property int leftRadius: Theme.bookLeft
    property int rightRadius: Theme.bookRight
    property bool bound: true

    Rectangle {
        anchors.fill: parent
        color: book.cover
        topLeftRadius: book.leftRadius
        bottomLeftRadius: book.leftRadius
        topRightRadius: book.rightRadius
        bottomRightRadius: book.rightRadius
    }
    Rectangle {
        visible: book.bound
        width: Theme.spine + book.edgeWidth
        height: parent.height
        color: book.spineColor
        topLeftRadius: book.leftRadius
        bottomLeftRadius: book.leftRadius
    }
    Rectangle {
        visible: book.bound
        x: Theme.hinge + book.edgeWidth
        y: book.edgeWidth
        width: 3
        height: parent.height - 2 * book.edgeWidth
        color: Theme.line
    }
    Rectangle {
        anchors.fill: parent
        color: "transparent"
        border.width: book.edgeWidth
        border.color: book.edgeColor
        topLeftRadius: book.leftRadius
        bottomLeftRadius: book.leftRadius
        topRightRadius: book.rightRadius
        bottomRightRadius: book.rightRadius
    }
}

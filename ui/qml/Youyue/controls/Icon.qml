pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One idea, drawn on a grid of 48, always beside words.
Image {
    id: icon

    required property string name
    property color color: Theme.ink
    property int size: 48
    property real weight: Theme.highContrast ? 4.5 : 4

    width: size
    height: size
    sourceSize.width: size
    sourceSize.height: size
    source: name === "" ? "" : "image://icon/" + name + "/" + color.toString().slice(1) + "/" + weight
    smooth: true
    Accessible.ignored: true
}

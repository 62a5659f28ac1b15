pragma ComponentBehavior: Bound
import QtQuick

// An animal on its disc: who one is, for those who can't read yet.
Image {
    property string animal: "bear"
    property int size: 144

    width: size
    height: size
    sourceSize.width: size
    sourceSize.height: size
    source: Qt.resolvedUrl("../../../art/animals/" + animal + ".svg")
    Accessible.ignored: true
}

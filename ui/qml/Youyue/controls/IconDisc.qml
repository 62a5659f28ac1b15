pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// An icon on its tint. A circle is good or neutral; a refusal is a rounded square: the shape says it, not only the colour.
Rectangle {
    id: disc

    required property string name
    property color ink: Theme.ink
    property int size: 84
    property bool refusal: false

    implicitWidth: size
    implicitHeight: size
    radius: refusal ? Math.max(14, size / 6) : size / 2
    border.width: Theme.highContrast ? 4 : 0
    border.color: ink

    Icon {
        anchors.centerIn: parent
        name: disc.name
        color: disc.ink
        size: disc.size * 0.56
    }
}

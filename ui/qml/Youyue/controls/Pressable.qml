pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Youyue

// What every control that can be pressed has in common: a name, a focus ring, Enter and Space, and that it gives way.
T.AbstractButton {
    id: pressable

    required property string spoken
    property int ringLeft: Theme.bookLeft
    property int ringRight: Theme.bookRight
    property bool clickable: true // a button that is to be held has its own keys

    implicitWidth: Math.max(Theme.target, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.target, implicitContentHeight + topPadding + bottomPadding)
    focusPolicy: Qt.StrongFocus
    scale: down ? 0.97 : 1
    Keys.onReturnPressed: pressable.entered()
    Keys.onEnterPressed: pressable.entered()
    Accessible.role: Accessible.Button
    Accessible.name: pressable.spoken
    Accessible.onPressAction: pressable.click()

    function entered() {
        if (clickable)
            click()
    }

    Behavior on scale {
        NumberAnimation {
            duration: Theme.press
            easing.type: Easing.OutQuad
        }
    }

    Rectangle {
        parent: pressable
        z: 2
        visible: pressable.visualFocus
        anchors.fill: parent
        anchors.margins: -14
        color: "transparent"
        border.width: 8
        border.color: Theme.azalea
        topLeftRadius: pressable.ringLeft + 14
        bottomLeftRadius: pressable.ringLeft + 14
        topRightRadius: pressable.ringRight + 14
        bottomRightRadius: pressable.ringRight + 14
    }
}

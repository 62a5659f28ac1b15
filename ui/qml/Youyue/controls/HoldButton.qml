pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What must not happen by accident: hold it until the ring is full. A finger, Space or Enter may hold it; letting go cancels.
// A short tap only says `tapped`: the screen then offers another way for hands that can't hold.
Pressable {
    id: button

    required property var phrase
    required property var note
    property bool keyHeld: false
    property bool done: false
    property real filled: 0

    readonly property bool held: enabled && !done && (pressed || keyHeld)
    readonly property color ink: enabled ? Theme.onFill : Theme.ink

    signal confirmed
    signal tapped

    clickable: false
    spoken: phrase.main
    implicitHeight: 200
    ringLeft: Theme.actionLeft
    ringRight: Theme.actionRight
    leftPadding: 48
    rightPadding: 40
    scale: held ? 0.97 : 1

    onHeldChanged: {
        back.stop()
        fill.stop()
        if (held)
            fill.start()
        else if (!done)
            back.start()
    }
    onActiveFocusChanged: keyHeld = keyHeld && activeFocus
    onEnabledChanged: done = false
    onClicked: button.letGo()
    Keys.onPressed: event => button.key(event, true)
    Keys.onReturnPressed: event => button.key(event, true)
    Keys.onEnterPressed: event => button.key(event, true)
    Keys.onSpacePressed: event => button.key(event, true)
    Keys.onReleased: event => button.key(event, false)

    function key(event: var, down: bool) {
        if (event.key !== Qt.Key_Space && event.key !== Qt.Key_Return && event.key !== Qt.Key_Enter) {
            event.accepted = false
            return
        }
        event.accepted = true
        if (event.isAutoRepeat)
            return
        const lifted = keyHeld && !down
        keyHeld = down
        if (lifted)
            button.letGo()
    }

    // What held it has let go: before the ring was full that was a tap.
    function letGo() {
        if (!done)
            tapped()
        done = false
        back.restart()
    }

    NumberAnimation {
        id: fill
        target: button
        property: "filled"
        to: 1
        duration: Theme.hold * (1 - button.filled)
        onFinished: {
            if (button.filled >= 1 && !button.done) {
                button.done = true
                button.confirmed()
            }
        }
    }
    NumberAnimation {
        id: back
        target: button
        property: "filled"
        to: 0
        duration: Theme.letGo
        easing.type: Easing.OutQuad
    }

    background: Item {
        Rectangle {
            anchors.fill: parent
            color: button.enabled ? Theme.azalea : Theme.sand
            border.width: button.enabled ? 0 : Theme.lineWidth
            border.color: Theme.edge
            topLeftRadius: Theme.actionLeft
            bottomLeftRadius: Theme.actionLeft
            topRightRadius: Theme.actionRight
            bottomRightRadius: Theme.actionRight
        }
    }
    contentItem: Item {
        implicitWidth: said.implicitWidth + 176
        implicitHeight: Math.max(136, words.implicitHeight)
        Ring {
            id: ring
            anchors.verticalCenter: parent.verticalCenter
            width: 136
            height: 136
            thickness: 18
            fraction: button.filled
            color: Theme.highContrast ? Theme.onFill : Theme.lantern
            track: button.enabled ? (Theme.highContrast ? "#7A4A63" : "#6A0C3D") : Theme.line
            Icon {
                anchors.centerIn: parent
                name: "hand"
                size: 68
                color: button.ink
            }
        }
        Column {
            id: words
            anchors.left: ring.right
            anchors.leftMargin: 40
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: 6
            BilingualText {
                id: said
                width: parent.width
                phrase: button.phrase
                size: Theme.largeType ? 60 : 56
                secondSize: 32
                color: button.ink
                secondColor: button.ink
            }
            PlainText {
                width: parent.width
                visible: text !== ""
                said: button.note.main
                font.pixelSize: Theme.body
                color: button.ink
            }
        }
    }
}

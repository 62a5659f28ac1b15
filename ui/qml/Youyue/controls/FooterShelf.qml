pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// The shelf with the tools that change the screen itself.
Rectangle {
    id: shelf

    required property KioskViewModel kiosk
    property bool standing: false // low reach is of use on a page that stands

    readonly property ComfortViewModel comfort: kiosk.comfort
    readonly property bool full: upright && !kiosk.inviting && comfort.can_zhuyin && comfort.can_sound // six tools
    readonly property bool upright: width < 1500 // the same on every page of a glass, however many tools there are

    implicitHeight: Theme.shelfHeight
    color: Theme.highContrast ? Theme.paper : Theme.sand

    Rectangle {
        width: parent.width
        height: Theme.lineWidth
        color: Theme.line
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: shelf.full ? 32 : Theme.margin
        anchors.rightMargin: shelf.full ? 32 : Theme.margin
        spacing: Theme.gap
        uniformCellSizes: true
        ToolButton {
            Layout.fillWidth: true
            upright: shelf.upright
            visible: !shelf.kiosk.inviting
            sign: "globe"
            label: shelf.comfort.other_language
            Accessible.checkable: false
            onClicked: shelf.comfort.next_language()
        }
        ToolButton {
            Layout.fillWidth: true
            upright: shelf.upright
            visible: !shelf.kiosk.inviting && shelf.comfort.can_zhuyin
            sign: "zhuyin"
            label: shelf.comfort.words.say("language.zhuyin")
            on: shelf.comfort.zhuyin
            onClicked: shelf.comfort.toggle_zhuyin()
        }
        ToolButton {
            Layout.fillWidth: true
            upright: shelf.upright
            sign: "text"
            label: shelf.comfort.words.say("bar.large")
            on: shelf.comfort.large_type
            onClicked: shelf.comfort.toggle_type()
        }
        ToolButton {
            Layout.fillWidth: true
            upright: shelf.upright
            sign: "contrast"
            label: shelf.comfort.words.say("bar.contrast")
            on: shelf.comfort.high_contrast
            onClicked: shelf.comfort.toggle_contrast()
        }
        ToolButton {
            Layout.fillWidth: true
            upright: shelf.upright
            visible: shelf.standing
            sign: "low"
            label: shelf.comfort.words.say("bar.low")
            on: shelf.comfort.low_reach
            onClicked: shelf.comfort.toggle_reach()
        }
        ToolButton {
            readonly property bool voice: shelf.comfort.hearing === "voice"
            Layout.fillWidth: true
            upright: shelf.upright
            visible: shelf.comfort.can_sound
            sign: voice ? "voice" : shelf.comfort.hearing === "mute" ? "mute" : "sound"
            label: shelf.comfort.words.say("bar.hearing." + shelf.comfort.hearing)
            on: voice
            ticked: false
            onClicked: shelf.comfort.next_hearing()
        }
    }
}

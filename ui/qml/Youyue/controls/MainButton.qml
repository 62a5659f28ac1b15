pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// The one filled action of a screen.
Pressable {
    id: button

    required property var phrase
    property string sign: ""
    property int size: Theme.title
    property bool spined: false
    property Component lead: button.sign !== "" ? drawnIcon : null

    readonly property real leading: drawn.item !== null ? drawn.width + 24 : 0
    readonly property real room: availableWidth - leading
    readonly property int fitting: Math.floor(size * Math.min(1, room / Math.max(1, whole.advanceWidth))) // long words shrink, they are not cut
    readonly property color ink: enabled ? Theme.onFill : Theme.ink

    spoken: phrase.main
    implicitHeight: 176
    ringLeft: Theme.actionLeft
    ringRight: Theme.actionRight
    leftPadding: 32
    rightPadding: 40

    TextMetrics {
        id: whole
        text: main.text
        font.family: Theme.family
        font.weight: Font.Bold
        font.pixelSize: button.size
    }
    Component {
        id: drawnIcon
        Icon {
            name: button.sign
            color: button.ink
            size: Math.round(button.size * 1.15)
        }
    }

    background: Item {
        Rectangle {
            anchors.fill: parent
            color: !button.enabled ? Theme.sand : button.down ? Theme.magpieDeep : Theme.magpie
            border.width: button.enabled ? 0 : Theme.lineWidth
            border.color: Theme.edge
            topLeftRadius: Theme.actionLeft
            bottomLeftRadius: Theme.actionLeft
            topRightRadius: Theme.actionRight
            bottomRightRadius: Theme.actionRight
        }
        Rectangle {
            visible: button.spined && !Theme.highContrast
            width: 32
            height: parent.height
            color: Theme.magpieDeep
            topLeftRadius: Theme.actionLeft
            bottomLeftRadius: Theme.actionLeft
        }
    }

    contentItem: Item {
        // Of what there is to be said, not of what is shown: that follows the width it is given.
        implicitWidth: button.leading + Math.ceil(whole.advanceWidth) + (Theme.paired && other.said !== "" ? 24 + other.implicitWidth : 0)
        implicitHeight: words.implicitHeight

        Row {
            id: words
            anchors.centerIn: parent
            spacing: 24
            Loader {
                id: drawn
                anchors.verticalCenter: parent.verticalCenter
                sourceComponent: button.lead
            }
            PlainText {
                id: main
                anchors.verticalCenter: parent.verticalCenter
                said: button.phrase.main
                font.pixelSize: button.fitting
                font.weight: Font.Bold
                color: button.ink
                wrapMode: Text.NoWrap
                lineHeight: 1.1
            }
            PlainText {
                id: other
                anchors.baseline: main.baseline
                visible: Theme.paired && whole.advanceWidth + 24 + implicitWidth <= button.room
                said: button.phrase.second
                font.pixelSize: Math.max(Theme.caption, Math.round(button.size * 0.6))
                color: button.ink
                wrapMode: Text.NoWrap
            }
        }
    }
}

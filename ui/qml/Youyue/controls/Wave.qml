pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// The tap: flat rings around the place where the card is to be held, and the arrow to the real reader.
Item {
    id: wave

    required property string side
    required property var phrase
    required property var where
    property real centerX: 0
    property real centerY: 0
    property real discRadius: 270
    property real farRadius: 790
    property rect words: Qt.rect(0, 0, 100, 100) // where the words of the disc stand: the part of it that is on the page
    property int pulse: -1
    property bool idle: false // there is no reader

    Repeater {
        model: wave.idle ? 0 : 3
        delegate: Disc {
            required property int index
            x: wave.centerX
            y: wave.centerY
            reach: wave.discRadius + (wave.farRadius - wave.discRadius) * (3 - index) / 3
            tone: [Theme.waveFar, Theme.waveMiddle, Theme.waveNear][index]
            scale: wave.pulse === 2 - index ? 0.97 : 1
            Behavior on scale {
                enabled: !Theme.reducedMotion
                NumberAnimation {
                    duration: Theme.rest / 3
                    easing.type: Easing.OutSine
                }
            }
        }
    }
    Disc {
        x: wave.centerX
        y: wave.centerY
        reach: wave.discRadius
        tone: wave.idle ? Theme.sand : Theme.azalea
    }
    Column {
        x: wave.words.x
        y: wave.words.y + (wave.words.height - height) / 2
        width: wave.words.width
        spacing: Theme.zhuyin ? 0 : 12

        BilingualText {
            width: parent.width
            phrase: wave.phrase
            size: Theme.zhuyin ? 40 : Theme.largeType ? 54 : 48
            secondSize: 30
            color: wave.idle ? Theme.ink : Theme.onFill
            secondColor: wave.idle ? Theme.ink2 : Theme.onFill
            alignment: Text.AlignHCenter
        }
        Icon {
            visible: wave.idle
            anchors.horizontalCenter: parent.horizontalCenter
            name: "nocard"
            size: 84
            color: Theme.ink2
        }
        Row {
            visible: !wave.idle
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: 24
            layoutDirection: wave.side === "left" ? Qt.RightToLeft : Qt.LeftToRight
            Icon {
                name: "wave"
                size: 72
                color: Theme.highContrast ? Theme.onFill : Theme.lantern
                rotation: wave.side === "left" ? 180 : wave.side === "below" ? 90 : 0
            }
            Icon {
                name: "arrow"
                size: 84
                color: Theme.highContrast ? Theme.onFill : Theme.lantern
                rotation: wave.side === "left" ? 180 : wave.side === "below" ? 90 : 0
            }
        }
        PlainText {
            width: parent.width
            visible: !wave.idle
            said: wave.where.main
            font.pixelSize: Theme.zhuyin ? Theme.leastRead : Theme.largeType ? 32 : 30
            color: Theme.onFill
            horizontalAlignment: Text.AlignHCenter
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// The PIN: our own keys, dots and no digits.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property PinViewModel pin: kiosk.pin
    readonly property bool wide: width > height
    readonly property bool full: Theme.zhuyin && pin.problem.main !== "" // readings need the room
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool stuck: !pin.usable && !pin.checking // another try can't help

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: screen.stuck ? Math.max(Theme.margin, (screen.width - 1100) / 2) : Theme.margin
        anchors.rightMargin: anchors.leftMargin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 48
        rowSpacing: 28

        ColumnLayout {
            Layout.fillWidth: !screen.wide || screen.stuck
            Layout.preferredWidth: screen.wide ? 800 : -1
            Layout.fillHeight: screen.wide || screen.stuck
            Layout.preferredHeight: Theme.lowReach && !screen.stuck ? Theme.reachTop - 44 : -1
            Layout.row: 0
            Layout.column: 0
            spacing: screen.tight || Theme.lowReach && screen.pin.problem.main !== "" ? 16 : 28
            Item {
                visible: screen.stuck || Theme.lowReach
                Layout.fillHeight: true
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: 28
                IconDisc {
                    visible: !Theme.largeType && !screen.tight
                    name: "key"
                    ink: screen.stuck ? Theme.beak : Theme.azalea
                    color: screen.stuck ? Theme.beakTint : Theme.azaleaTint
                    refusal: screen.stuck
                    size: 120
                }
                BilingualText {
                    Layout.fillWidth: true
                    phrase: screen.stuck ? screen.pin.problem : screen.words.phrase("pin.title")
                    size: screen.wide && screen.full ? Theme.heading : Theme.title
                    secondSize: 34
                }
            }
            PlainText {
                visible: !screen.stuck && !(screen.wide && (Theme.largeType || screen.full))
                Layout.fillWidth: true
                said: screen.words.say("pin.note")
            }
            Rectangle {
                visible: !screen.stuck
                Layout.fillWidth: true
                implicitHeight: screen.tight ? (screen.full ? 72 : 108) : 128
                radius: Theme.cardRadius
                color: Theme.page
                border.width: Theme.lineWidth
                border.color: Theme.azalea
                Accessible.role: Accessible.StaticText
                Accessible.name: screen.words.say("pin.title")
                Row {
                    visible: !screen.pin.checking
                    anchors.centerIn: parent
                    spacing: 28
                    Repeater {
                        model: Math.max(4, screen.pin.length)
                        delegate: Rectangle {
                            required property int index
                            readonly property bool typed: index < screen.pin.length
                            width: 44
                            height: 44
                            radius: 22
                            color: typed ? Theme.ink : "transparent"
                            border.width: typed ? 0 : Theme.lineWidth
                            border.color: Theme.edge
                        }
                    }
                }
                Row {
                    visible: screen.pin.checking
                    anchors.centerIn: parent
                    spacing: 24
                    Icon {
                        anchors.verticalCenter: parent.verticalCenter
                        name: "clock"
                        color: Theme.azalea
                        size: 56
                    }
                    PlainText {
                        anchors.verticalCenter: parent.verticalCenter
                        said: screen.words.say("pin.checking")
                        font.pixelSize: Theme.strong
                        font.weight: Font.Bold
                        wrapMode: Text.NoWrap
                    }
                }
            }
            NoticeCard {
                visible: screen.stuck
                Layout.fillWidth: true
                icon: "hand"
                title: screen.pin.advice
                note: ({ main: Theme.paired ? title.second : "", second: "" })
            }
            ToldCard {
                visible: screen.pin.problem.main !== "" && !screen.stuck
                Layout.fillWidth: true
                title: screen.pin.problem
                advice: screen.pin.advice
            }
            Item {
                visible: screen.wide || screen.stuck
                Layout.fillHeight: true
            }
            BookButton {
                visible: screen.wide && !screen.stuck
                Layout.fillWidth: true
                bound: false
                sign: "back"
                phrase: screen.words.phrase("action.back")
                onClicked: screen.kiosk.back()
            }
            MainButton {
                visible: screen.stuck
                Layout.fillWidth: true
                sign: "back"
                phrase: screen.words.phrase("action.back")
                onClicked: screen.kiosk.back()
            }
        }
        Keypad {
            visible: !screen.stuck
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.row: screen.wide ? 0 : 1
            Layout.column: screen.wide ? 1 : 0
            Layout.leftMargin: screen.wide ? 0 : 80
            Layout.rightMargin: screen.wide ? 0 : 80
            Layout.alignment: Qt.AlignVCenter
            words: screen.words
            usable: screen.pin.usable
            ready: screen.pin.can_enter
            onTyped: key => screen.pin.press(key)
            onRemoved: screen.pin.delete()
            onEntered: screen.pin.enter()
        }
        BookButton {
            visible: !screen.wide && !screen.stuck
            Layout.fillWidth: true
            Layout.row: 2
            Layout.column: 0
            bound: false
            sign: "back"
            phrase: screen.words.phrase("action.back")
            onClicked: screen.kiosk.back()
        }
    }
}

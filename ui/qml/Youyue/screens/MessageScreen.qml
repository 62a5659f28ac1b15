pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// One thing that happened, and one thing to do: a card or a mobile card that opens nothing, or a kiosk that rests.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property MessageViewModel message: kiosk.message
    readonly property bool wide: width > height
    readonly property bool resting: message.kind === "out_of_service"
    readonly property bool stop: ["lost", "unknown", "account_unknown", "code_wrong_signature"].includes(message.kind)
    readonly property bool mobile: message.kind === "account_unknown" || message.kind.startsWith("code_")
    readonly property color tone: resting ? Theme.lanternInk : stop ? Theme.beak : Theme.azalea
    readonly property color tint: resting ? Theme.lanternTint : stop ? Theme.beakTint : Theme.azaleaTint
    readonly property var icons: ({ unknown: "nocard", phone: "phone_screen", lost: "lost", unreadable: "card", code_clock: "clock", out_of_service: "door" })

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: screen.wide ? 96 : Theme.margin
        anchors.rightMargin: screen.wide ? 96 : Theme.margin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 72
        rowSpacing: 48

        Item {
            visible: !screen.wide
            Layout.fillHeight: true
        }
        IconDisc {
            visible: !(Theme.largeType && screen.height < 1200 && !screen.wide)
            Layout.alignment: Qt.AlignCenter
            name: screen.icons[screen.message.kind] ?? (screen.mobile ? "phone_screen" : "info")
            ink: screen.tone
            color: screen.tint
            refusal: screen.stop
            size: screen.wide ? 400 : 360
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: screen.wide ? 32 : 48

            PlainText {
                visible: screen.resting
                Layout.fillWidth: true
                said: screen.words.say("out_of_service.title")
                font.pixelSize: Theme.heading
                font.weight: Font.Bold
                color: Theme.lanternInk
                horizontalAlignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            BilingualText {
                Layout.fillWidth: true
                phrase: screen.message.title
                size: screen.wide ? Theme.title : Theme.title + 10
                secondSize: 40
                alignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: Math.max(180, advice.implicitHeight + 64)
                color: Theme.page
                border.width: Theme.lineWidth
                border.color: screen.tone
                topLeftRadius: Theme.bookLeft
                bottomLeftRadius: Theme.bookLeft
                topRightRadius: Theme.bookRight
                bottomRightRadius: Theme.bookRight
                Icon {
                    id: hand
                    x: 40
                    anchors.verticalCenter: parent.verticalCenter
                    name: "hand"
                    size: 84
                    color: screen.tone
                }
                BilingualText {
                    id: advice
                    anchors.left: hand.right
                    anchors.leftMargin: 36
                    anchors.right: parent.right
                    anchors.rightMargin: 36
                    anchors.verticalCenter: parent.verticalCenter
                    phrase: screen.message.instruction
                    size: Theme.heading
                    secondSize: Theme.caption + 2
                }
            }
            Loader {
                active: screen.wide && !screen.resting
                visible: active
                Layout.fillWidth: true
                sourceComponent: end
            }
        }
        Item {
            visible: !screen.wide
            Layout.fillHeight: true
            Layout.preferredHeight: 2
        }
        Loader {
            active: !screen.wide && !screen.resting
            visible: active
            Layout.fillWidth: true
            sourceComponent: end
        }
    }
    Component {
        id: end
        MainButton {
            phrase: screen.words.phrase("refusal.understood")
            onClicked: screen.kiosk.back()
            lead: TimeRing {
                kiosk: screen.kiosk
            }
        }
    }
}

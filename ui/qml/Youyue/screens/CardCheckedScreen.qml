pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// A card was checked: it works, or what to do about it and the code for the school. It goes by itself, and the next card does not wait for it.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property CheckViewModel check: kiosk.check
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < (Theme.largeType ? 860 : 760)
    readonly property bool coded: check.code !== ""
    readonly property bool phone: !check.works && !coded
    readonly property color tone: check.works ? Theme.banyan : phone ? Theme.azalea : Theme.beak
    readonly property color tint: check.works ? Theme.banyanTint : phone ? Theme.azaleaTint : Theme.beakTint
    readonly property var icons: ({ unknown: "nocard", lost: "lost", unreadable: "card" })

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: screen.wide ? 96 : Theme.margin
        anchors.rightMargin: screen.wide ? 96 : Theme.margin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 72
        rowSpacing: screen.coded ? 32 : 48

        Item {
            visible: !screen.wide
            Layout.fillHeight: true
        }
        ColumnLayout {
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 460 : -1
            Layout.alignment: Qt.AlignCenter
            spacing: 28
            Rectangle {
                visible: screen.check.works
                Layout.alignment: Qt.AlignHCenter
                implicitWidth: screen.wide ? 420 : 460
                implicitHeight: implicitWidth
                radius: implicitWidth / 2
                color: Theme.banyan
                Icon {
                    anchors.centerIn: parent
                    name: "check"
                    size: parent.width * 0.62
                    weight: 5.5
                    color: Theme.onFill
                }
            }
            IconDisc {
                visible: !screen.check.works && !(screen.coded && (screen.wide || Theme.largeType))
                Layout.alignment: Qt.AlignHCenter
                name: screen.icons[screen.check.kind] ?? "phone_screen"
                ink: screen.tone
                color: screen.tint
                refusal: !screen.phone
                size: screen.coded ? 240 : screen.wide ? 400 : 360
            }
            Slip {
                id: slip
                visible: screen.coded && screen.wide
                Layout.fillWidth: true
                implicitHeight: paper.implicitHeight + 90
                CodePaper {
                    id: paper
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    words: screen.words
                    check: screen.check
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: screen.tight ? 20 : screen.wide || screen.coded ? 32 : 48

            BilingualText {
                Layout.fillWidth: true
                phrase: screen.check.title
                size: screen.wide ? Theme.title : Theme.title + 10
                secondSize: 40
                color: screen.check.works ? Theme.banyan : Theme.ink
                alignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            Slip {
                visible: screen.coded && !screen.wide
                Layout.fillWidth: true
                implicitHeight: upright.implicitHeight + 90
                CodePaper {
                    id: upright
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    words: screen.words
                    check: screen.check
                }
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: Math.max(screen.tight ? 120 : 180, advice.implicitHeight + (screen.tight ? 36 : 64))
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
                    name: screen.check.works ? "wave" : "hand"
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
                    phrase: screen.check.instruction
                    size: screen.coded ? Theme.strong : Theme.heading
                    secondSize: Theme.caption
                }
            }
            Loader {
                active: screen.wide
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
            active: !screen.wide
            visible: active
            Layout.fillWidth: true
            sourceComponent: end
        }
    }
    Component {
        id: end
        GridLayout {
            columns: Theme.largeType && !screen.wide ? 1 : 2
            columnSpacing: Theme.gutter
            rowSpacing: Theme.gutter
            BookButton {
                visible: screen.coded && screen.kiosk.printing.can_print
                enabled: !screen.kiosk.printing.asked
                Layout.fillWidth: Theme.largeType && !screen.wide
                Layout.fillHeight: screen.wide || !Theme.largeType
                Layout.preferredWidth: Theme.zhuyin ? 350 : screen.wide ? 330 : 300
                bound: false
                sign: screen.wide && Theme.largeType ? "" : screen.kiosk.printing.failed ? "alert" : screen.kiosk.printing.printed ? "check" : "print"
                phrase: screen.words.phrase(screen.kiosk.printing.said)
                onClicked: screen.kiosk.printing.ask()
            }
            MainButton {
                Layout.fillWidth: true
                implicitHeight: screen.tight ? 136 : 176
                size: screen.wide && screen.kiosk.printing.can_print ? Theme.strong + 8 : Theme.title
                phrase: screen.words.phrase("check.next")
                onClicked: screen.kiosk.back()
                lead: TimeRing {
                    kiosk: screen.kiosk
                }
            }
        }
    }
}

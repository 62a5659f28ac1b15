pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// The slip of this visit, and what not to forget. It goes by itself.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property SlipViewModel slip: kiosk.slip
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 790 // a banner took the room
    readonly property bool some: slip.borrowed > 0

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide && screen.some ? 2 : 1
        columnSpacing: 40
        rowSpacing: 28

        ColumnLayout {
            Layout.preferredWidth: screen.wide && screen.some ? 780 : -1
            Layout.fillWidth: !(screen.wide && screen.some)
            Layout.fillHeight: !screen.some || screen.wide
            spacing: screen.tight ? 12 : 28

            Item {
                visible: !screen.some || screen.wide
                Layout.fillHeight: true
            }
            Image {
                visible: !screen.some && !screen.wide && !Theme.largeType
                Layout.alignment: Qt.AlignHCenter
                source: Qt.resolvedUrl("../../../art/bear.svg")
                sourceSize.width: 260
                sourceSize.height: 260
                Accessible.ignored: true
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: 36
                Image {
                    visible: !screen.some && screen.wide
                    source: Qt.resolvedUrl("../../../art/bear.svg")
                    sourceSize.width: 180
                    sourceSize.height: 180
                    Accessible.ignored: true
                }
                Rectangle {
                    visible: screen.some
                    implicitWidth: 152
                    implicitHeight: 152
                    radius: 76
                    color: Theme.banyan
                    Icon {
                        anchors.centerIn: parent
                        name: "check"
                        size: 92
                        color: Theme.onFill
                    }
                }
                BilingualText {
                    Layout.fillWidth: true
                    phrase: screen.words.phrase(screen.some ? "goodbye.title" : "goodbye.title.none")
                    size: screen.tight ? Theme.title : Theme.display - 16
                    secondSize: 40
                    alignment: screen.some || screen.wide ? Text.AlignLeft : Text.AlignHCenter
                }
            }
            BilingualText {
                Layout.fillWidth: true
                phrase: screen.slip.said
                size: Theme.heading
                alignment: screen.some || screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            NoticeCard {
                Layout.fillWidth: true
                icon: "card"
                title: screen.words.phrase(screen.some ? "goodbye.remember" : "goodbye.remember.none")
                note: ({ main: Theme.largeType ? "" : title.second, second: "" })
            }
            Item {
                visible: !screen.some || screen.wide
                Layout.fillHeight: true
            }
            Loader {
                active: screen.wide || !screen.some
                visible: active
                Layout.fillWidth: true
                sourceComponent: end
            }
        }
        Slip {
            visible: screen.some
            Layout.fillWidth: true
            Layout.fillHeight: true
            PlainText {
                id: head
                x: 28
                width: parent.width - 56
                height: 84
                verticalAlignment: Text.AlignVCenter
                text: screen.words.say("borrow.slip")
                font.pixelSize: Theme.strong
                font.weight: Font.Bold
            }
            ListView {
                id: list
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: head.bottom
                anchors.bottom: parent.bottom
                clip: true
                boundsBehavior: Flickable.StopAtBounds
                model: screen.slip.lines
                Accessible.role: Accessible.List
                Accessible.name: head.text
                delegate: SlipEntry {
                    required property var model

                    width: ListView.view.width
                    still: true
                    words: screen.words
                    number: model.number
                    state_: model.state
                    title: model.title
                    status: model.status
                    due: model.due
                    reasons: model.reasons
                    instruction: model.instruction
                    putBack: false
                    latest: false
                }
                Rail {
                    view: list
                }
            }
        }
        Loader {
            active: screen.some && !screen.wide
            visible: active
            Layout.fillWidth: true
            sourceComponent: end
        }
    }
    Component {
        id: end
        MainButton {
            phrase: screen.words.phrase("goodbye.done")
            onClicked: screen.kiosk.finish()
            lead: Ring {
                width: 84
                height: 84
                thickness: 12
                fraction: screen.kiosk.time_left.fraction
                color: Theme.highContrast ? Theme.onFill : Theme.lantern
                track: Theme.highContrast ? Theme.magpie : Theme.magpieDeep
            }
        }
    }
}

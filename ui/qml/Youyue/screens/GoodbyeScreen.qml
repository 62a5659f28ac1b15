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
    readonly property FarewellViewModel farewell: kiosk.farewell
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 790 // a banner took the room
    readonly property bool pressed: wide && (tight || Theme.largeType || kiosk.printing.can_print) // little height for much
    readonly property bool some: farewell.lines > 0

    component Part: Column {
        id: part
        required property string heading
        required property var lines
        visible: view.count > 0
        property alias delegate: view.delegate
        PlainText {
            x: 28
            width: parent.width - 56
            height: 84
            verticalAlignment: Text.AlignVCenter
            said: part.heading
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        Repeater {
            id: view
            model: part.lines
        }
    }

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: screen.some ? Theme.margin : Math.max(Theme.margin, (screen.width - 1100) / 2)
        anchors.rightMargin: anchors.leftMargin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide && screen.some ? 2 : 1
        columnSpacing: 40
        rowSpacing: 28

        ColumnLayout {
            Layout.preferredWidth: screen.wide && screen.some ? 780 : -1
            Layout.fillWidth: !(screen.wide && screen.some)
            Layout.fillHeight: !screen.some || screen.wide
            spacing: screen.pressed ? 12 : screen.farewell.said.length > 1 ? 18 : 28

            Item {
                visible: !screen.some || screen.wide
                Layout.fillHeight: true
            }
            Image {
                visible: !screen.some && !screen.wide
                Layout.alignment: Qt.AlignHCenter
                source: Qt.resolvedUrl("../../../art/animals/bear.svg")
                sourceSize.width: 260
                sourceSize.height: 260
                Accessible.ignored: true
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: 36
                Image {
                    visible: !screen.some && screen.wide
                    source: Qt.resolvedUrl("../../../art/animals/bear.svg")
                    sourceSize.width: 180
                    sourceSize.height: 180
                    Accessible.ignored: true
                }
                Rectangle {
                    visible: screen.some
                    implicitWidth: screen.pressed ? 104 : 152
                    implicitHeight: implicitWidth
                    radius: implicitWidth / 2
                    color: Theme.banyan
                    Icon {
                        anchors.centerIn: parent
                        name: "check"
                        size: parent.width * 0.6
                        color: Theme.onFill
                    }
                }
                BilingualText {
                    Layout.fillWidth: true
                    phrase: screen.farewell.title
                    size: screen.pressed ? Theme.title : Theme.display - 16
                    secondSize: 40
                    alignment: screen.some || screen.wide ? Text.AlignLeft : Text.AlignHCenter
                }
            }
            Repeater {
                model: screen.kiosk.printing.failed && screen.tight && (Theme.largeType || Theme.zhuyin) ? [] : screen.farewell.said // the slip beside it says the same
                delegate: BilingualText {
                    required property var modelData
                    Layout.fillWidth: true
                    phrase: screen.farewell.said.length > 1 ? ({ main: modelData.main, second: "" }) : modelData
                    size: screen.farewell.said.length > 1 ? Theme.strong : Theme.heading
                    secondSize: 28
                    alignment: screen.some || screen.wide ? Text.AlignLeft : Text.AlignHCenter
                }
            }
            NoticeCard {
                Layout.fillWidth: true
                visible: screen.kiosk.printing.failed
                icon: "alert"
                title: screen.words.phrase("goodbye.print.not_printed")
                note: Theme.largeType ? ({ main: "", second: "" }) : screen.words.phrase("goodbye.print.not_printed.do")
            }
            NoticeCard {
                Layout.fillWidth: true
                visible: !(screen.kiosk.printing.failed && (screen.wide || Theme.largeType))
                icon: "card"
                title: screen.farewell.remember
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
            Flickable {
                id: list
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.bottom: keys.visible ? keys.top : parent.bottom
                anchors.bottomMargin: keys.visible ? 8 : 0
                contentHeight: parts.height
                interactive: contentHeight > height
                clip: true
                boundsBehavior: Flickable.StopAtBounds
                Accessible.role: Accessible.List
                Accessible.name: screen.farewell.title.main
                Column {
                    id: parts
                    width: parent.width
                    Part {
                        id: borrowed
                        width: parent.width
                        heading: screen.words.say("goodbye.slip.borrowed")
                        lines: screen.farewell.borrowed
                        delegate: SlipEntry {
                            required property var model

                            width: borrowed.width
                            still: true
                            words: screen.words
                            line: model.line
                            latest: false
                        }
                    }
                    Part {
                        id: returned
                        width: parent.width
                        heading: screen.words.say("return.slip")
                        lines: screen.farewell.returned
                        delegate: ReturnEntry {
                            required property var model

                            width: returned.width
                            still: true
                            words: screen.words
                            line: model.line
                            latest: false
                        }
                    }
                    Part {
                        id: renewed
                        width: parent.width
                        heading: screen.words.say("goodbye.slip.renewed")
                        lines: screen.farewell.renewed
                        delegate: LoanEntry {
                            required property var model

                            width: renewed.width
                            still: true
                            words: screen.words
                            line: model.line
                        }
                    }
                }
                Rail {
                    view: list
                }
            }
            PageKeys {
                id: keys
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                anchors.margins: 20
                view: list
                room: parent.height
                words: screen.words
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
        GridLayout {
            columns: Theme.largeType && !screen.wide ? 1 : 2
            columnSpacing: Theme.gutter
            rowSpacing: Theme.gutter
            BookButton {
                visible: screen.some && screen.kiosk.printing.can_print
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
                implicitHeight: screen.pressed ? 136 : 176
                size: screen.wide && screen.kiosk.printing.can_print ? Theme.strong + 8 : Theme.title
                phrase: screen.words.phrase("goodbye.done")
                onClicked: screen.kiosk.finish()
                lead: TimeRing {
                    kiosk: screen.kiosk
                }
            }
        }
    }
}

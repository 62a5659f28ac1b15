pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// For staff: how each part of the kiosk is, and a try of what can be tried.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property DevicesViewModel devices: kiosk.devices
    readonly property StaffPrintingViewModel printing: kiosk.staff_printing
    readonly property bool wide: width > height
    readonly property var slip: ({
            mood: ["failed", "nothing"].includes(printing.state) || !printing.can_print ? "bad" : printing.state === "printed" ? "good" : "wait",
            title: words.say("devices.printer." + (printing.can_print ? printing.state : "none")),
            note: printing.can_print ? "" : words.say("devices.printer.none.do")
        })

    Loader {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 12
        anchors.bottomMargin: 28
        sourceComponent: screen.devices.seeking ? search : list
    }

    Component {
        id: search
        FormSearch {
            kiosk: screen.kiosk
            wide: screen.wide
        }
    }
    Component {
        id: list
        GridLayout {
            columns: screen.wide ? 2 : 1
            columnSpacing: 40
            rowSpacing: Theme.gutter

            ColumnLayout {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.row: screen.wide ? 0 : 1
                Layout.column: 0
                spacing: Theme.gutter
                RowLayout {
                    visible: screen.wide || !Theme.lowReach
                    Layout.fillWidth: true
                    spacing: 28
                    PlainText {
                        said: screen.words.say("devices.title")
                        font.pixelSize: screen.wide ? Theme.heading : Theme.title
                        font.weight: Font.Bold
                        wrapMode: Text.NoWrap
                    }
                    PlainText {
                        Layout.fillWidth: true
                        said: screen.devices.summary.title
                        font.pixelSize: Theme.strong
                        font.weight: Font.Bold
                        color: screen.devices.summary.mood === "good" ? Theme.banyan : Theme.beak
                    }
                }
                PagedBook {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    words: screen.words
                    tone: screen.devices.summary.mood === "good" ? Theme.banyan : Theme.beak
                    listName: screen.words.say("devices.title")
                    Repeater {
                        model: screen.devices.parts
                        delegate: PartEntry {
                            required property var modelData
                            width: parent?.width ?? 0
                            part: modelData
                        }
                    }
                }
            }
            PagedBook {
                Layout.fillWidth: !screen.wide
                Layout.fillHeight: screen.wide
                Layout.preferredWidth: screen.wide ? 840 : -1
                readonly property real high: Theme.reachTop - 12 - Theme.gutter // with keys below it they too are low
                Layout.preferredHeight: screen.wide ? -1 : Theme.lowReach ? (tries.height + 8 > high ? high + Theme.target + Theme.gutter + 2 : high) : tries.height + 8
                Layout.row: 0
                Layout.column: screen.wide ? 1 : 0
                words: screen.words
                tone: Theme.magpie
                listName: screen.words.say("devices.title")
                Column {
                    id: tries
                    width: parent?.width ?? 0
                    TryEntry {
                        width: parent.width
                        device: "card"
                        heading: screen.words.say("devices.card.title")
                        told: screen.devices.card
                    }
                    TryEntry {
                        width: parent.width
                        device: "scan"
                        heading: screen.words.say("devices.code.title")
                        told: screen.devices.code
                    }
                    TryEntry {
                        width: parent.width
                        ruled: false
                        device: "print"
                        heading: screen.words.say("devices.printer.title")
                        told: screen.slip
                    }
                }
            }
            GridLayout {
                Layout.fillWidth: true
                Layout.row: screen.wide ? 1 : 2
                Layout.column: 0
                Layout.columnSpan: screen.wide ? 2 : 1
                columns: screen.wide ? 3 : 2
                columnSpacing: Theme.gap
                rowSpacing: Theme.gap
                uniformCellWidths: true
                BookButton {
                    visible: screen.printing.can_print
                    Layout.fillWidth: true
                    Layout.columnSpan: screen.wide || screen.printing.can_repeat ? 1 : 2
                    bound: false
                    sign: Theme.largeType ? "" : "print"
                    size: Theme.body
                    phrase: ({ main: screen.words.say("devices.printer.trial"), second: "" })
                    enabled: screen.printing.state !== "asked"
                    onClicked: screen.printing.try_it()
                }
                BookButton {
                    visible: screen.printing.can_repeat
                    Layout.fillWidth: true
                    bound: false
                    sign: Theme.largeType ? "" : "slip"
                    size: Theme.body
                    phrase: ({ main: screen.words.say("devices.printer.again"), second: "" })
                    enabled: screen.printing.state !== "asked"
                    onClicked: screen.printing.repeat()
                }
                BookButton {
                    Layout.fillWidth: true
                    Layout.columnSpan: screen.wide ? 1 : 2
                    bound: false
                    sign: Theme.largeType ? "" : "card"
                    size: Theme.body
                    phrase: ({ main: screen.words.say("devices.form.open"), second: "" })
                    onClicked: screen.devices.seek()
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// A loss report without a card: the ID, the birth date, the kind of card, one question a time. Offline: the other ways.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property LossFormViewModel form: kiosk.loss_form
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool typing: form.step < 2
    readonly property var otherPlaces: [
        { icon: "phone", title: "loss_form.call", text: form.telephone },
        { icon: "globe", title: "loss_form.web", text: form.website },
        { icon: "people", title: "loss_form.desk", text: words.say("loss_form.desk.do") }
    ]
    readonly property string question: ["loss_form.id", "loss_form.birth", "loss_form.card"][form.step]
    readonly property string advice: form.step === 0 ? "loss_form.id.note" : form.step === 2 ? "loss_form.card.note" : form.era === "roc" ? "loss_form.birth.roc" : "loss_form.birth.western"

    Loader {
        anchors.fill: parent
        sourceComponent: screen.form.offline ? otherWays : questions
    }

    Component {
        id: questions
        GridLayout {
            anchors.fill: parent
            anchors.leftMargin: Theme.margin
            anchors.rightMargin: Theme.margin
            anchors.topMargin: 8
            anchors.bottomMargin: 28
            columns: screen.wide ? 2 : 1
            columnSpacing: 48
            rowSpacing: 28

            ColumnLayout {
                Layout.fillWidth: !screen.wide
                Layout.preferredWidth: screen.wide ? 820 : -1
                Layout.fillHeight: screen.wide
                Layout.preferredHeight: Theme.lowReach ? Theme.reachTop - 36 : -1
                Layout.row: 0
                Layout.column: 0
                spacing: screen.tight || screen.wide && Theme.largeType ? 12 : 24
                Item {
                    visible: Theme.lowReach
                    Layout.fillHeight: true
                }
                StepIndicator {
                    visible: !Theme.largeType && !screen.tight && !(screen.wide && screen.form.fault.main !== "")
                    Layout.fillWidth: true
                    phrases: [screen.words.phrase("loss_form.step.id"), screen.words.phrase("loss_form.step.birth"), screen.words.phrase("loss_form.step.card")]
                    current: screen.form.step
                }
                BilingualText {
                    Layout.fillWidth: true
                    phrase: screen.words.phrase(screen.question)
                    size: screen.wide ? Theme.title - 10 : Theme.title
                    secondSize: 34
                }
                Loader {
                    active: screen.form.step === 1 && !Theme.lowReach
                    visible: active
                    Layout.fillWidth: true
                    sourceComponent: eras
                }
                MaskedCells {
                    visible: screen.typing
                    Layout.alignment: Qt.AlignLeft
                    values: screen.form.cells
                    groups: screen.form.groups
                    names: screen.form.step === 1 ? [screen.words.say("loss_form.year"), screen.words.say("loss_form.month"), screen.words.say("loss_form.day")] : []
                    room: screen.wide ? 820 : screen.width - 2 * Theme.margin
                }
                PlainText {
                    visible: screen.form.fault.main === ""
                    Layout.fillWidth: true
                    said: screen.words.say(screen.advice) + (screen.typing && !Theme.largeType ? " " + screen.words.say("loss_form.hidden") : "")
                }
                ToldCard {
                    visible: screen.form.fault.main !== ""
                    Layout.fillWidth: true
                    title: screen.form.fault
                    advice: screen.form.fault_advice
                }
                Item {
                    visible: screen.wide
                    Layout.fillHeight: true
                }
                Loader {
                    active: screen.wide
                    visible: active
                    Layout.fillWidth: true
                    sourceComponent: ways
                }
            }
            Loader {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.row: screen.wide ? 0 : 1
                Layout.column: screen.wide ? 1 : 0
                sourceComponent: screen.typing ? pad : kinds
            }
            Loader {
                active: !screen.wide
                visible: active
                Layout.fillWidth: true
                Layout.row: 2
                Layout.column: 0
                sourceComponent: ways
            }
        }
    }
    Component {
        id: eras
        RowLayout {
            spacing: Theme.gap
            uniformCellSizes: true
            Repeater {
                model: screen.kiosk.comfort.language.startsWith("zh") ? ["roc", "western"] : ["western", "roc"]
                delegate: ToolButton {
                    required property string modelData
                    Layout.fillWidth: true
                    sign: ""
                    label: screen.words.say("era." + modelData)
                    on: screen.form.era === modelData
                    onClicked: screen.form.choose_era(modelData)
                }
            }
        }
    }
    Component {
        id: pad
        ColumnLayout {
            spacing: Theme.gap
            Loader {
                active: screen.form.step === 1 && Theme.lowReach
                visible: active
                Layout.fillWidth: true
                sourceComponent: eras
            }
            Keypad {
                Layout.fillWidth: true
                Layout.fillHeight: true
                words: screen.words
                keys: screen.form.keys
                ready: screen.form.complete
                enterWord: screen.words.say("loss_form.next")
                onTyped: key => screen.form.press(key)
                onRemoved: screen.form.delete()
                onEntered: screen.form.forward()
            }
        }
    }
    Component {
        id: kinds
        GridLayout {
            columns: Theme.lowReach ? 2 : 1
            columnSpacing: Theme.gap
            rowSpacing: Theme.gap
            uniformCellWidths: true
            Repeater {
                model: ["easycard", "ipass", "barcode", "chip"]
                delegate: CardChoiceButton {
                    required property string modelData
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.maximumHeight: 160
                    phrase: screen.words.phrase("card." + modelData)
                    kind: modelData
                    plain: Theme.lowReach
                    chosen: screen.form.kind === modelData
                    enabled: !screen.form.sending
                    tag: chosen ? screen.words.say("loss.chosen") : ""
                    onClicked: screen.form.choose_kind(modelData)
                }
            }
            Item {
                Layout.fillHeight: true
                Layout.preferredHeight: 0
            }
        }
    }
    Component {
        id: ways
        GridLayout {
            columns: Theme.largeType && !Theme.lowReach ? 1 : 2
            columnSpacing: Theme.gutter
            rowSpacing: Theme.gutter
            BookButton {
                Layout.fillWidth: screen.typing || Theme.largeType
                Layout.fillHeight: true
                bound: false
                sign: "back"
                phrase: screen.words.phrase("action.back")
                onClicked: screen.form.back()
            }
            MainButton {
                visible: !screen.typing
                Layout.fillWidth: true
                enabled: screen.form.complete
                implicitHeight: 136
                size: Theme.largeType ? 54 : 48
                sign: screen.form.sending ? "clock" : "lost"
                phrase: ({ main: screen.words.say(screen.form.sending ? "loss_form.sending" : "loss_form.send"), second: "" })
                onClicked: screen.form.forward()
            }
        }
    }
    Component {
        id: otherWays
        GridLayout {
            anchors.fill: parent
            anchors.leftMargin: screen.wide ? 96 : Theme.margin
            anchors.rightMargin: screen.wide ? 96 : Theme.margin
            anchors.topMargin: screen.wide ? 16 : 56
            anchors.bottomMargin: 28
            columns: screen.wide ? 2 : 1
            columnSpacing: 64
            rowSpacing: 40
            ColumnLayout {
                Layout.fillWidth: true
                Layout.fillHeight: screen.wide
                Layout.preferredWidth: 700
                spacing: 28
                Item {
                    visible: screen.wide
                    Layout.fillHeight: true
                }
                IconDisc {
                    visible: !Theme.largeType && !screen.tight
                    name: "offline"
                    ink: Theme.lanternInk
                    color: Theme.lanternTint
                    size: 160
                }
                BilingualText {
                    Layout.fillWidth: true
                    phrase: screen.words.phrase("loss_form.offline")
                    size: screen.wide ? Theme.title - 14 : Theme.title
                    secondSize: 34
                }
                PlainText {
                    Layout.fillWidth: true
                    said: screen.words.say("loss_form.offline.do")
                    font.pixelSize: Theme.strong
                }
                Item {
                    visible: screen.wide
                    Layout.fillHeight: true
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 900
                spacing: screen.tight || (screen.wide && Theme.largeType) ? 12 : Theme.gutter
                Item {
                    visible: screen.wide
                    Layout.fillHeight: true
                }
                Repeater {
                    model: screen.otherPlaces.filter(place => place.text !== "")
                    delegate: BookCard {
                        id: way

                        required property var modelData

                        Layout.fillWidth: true
                        tone: Theme.banyan
                        inset: screen.tight || (screen.wide && Theme.largeType) ? 12 : 24
                        Icon {
                            id: sign
                            name: way.modelData.icon
                            color: Theme.banyan
                            size: screen.tight ? 64 : 84
                        }
                        Column {
                            x: sign.width + 32
                            width: parent.width - x
                            BilingualText {
                                width: parent.width
                                phrase: ({ main: screen.words.say(way.modelData.title), second: "" })
                                size: Theme.body
                            }
                            PlainText {
                                width: parent.width
                                said: way.modelData.text
                                outside: true
                                font.pixelSize: screen.tight ? Theme.strong : Theme.heading
                                font.weight: Font.Bold
                            }
                        }
                    }
                }
                Item {
                    Layout.fillHeight: true
                }
                MainButton {
                    Layout.fillWidth: true
                    sign: "back"
                    implicitHeight: screen.tight || (screen.wide && Theme.largeType) ? 120 : 176
                    phrase: screen.words.phrase("action.back")
                    onClicked: screen.form.back()
                }
            }
        }
    }
}

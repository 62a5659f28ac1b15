pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// In which form does a source have its card numbers? A card, its number on file, and again, until one form alone fits.
GridLayout {
    id: search

    required property KioskViewModel kiosk
    required property bool wide

    readonly property Words words: kiosk.comfort.words
    readonly property DevicesViewModel devices: kiosk.devices
    readonly property bool aside: wide && !devices.typing // what was found has the place of the keys

    columns: wide ? 2 : 1
    columnSpacing: 48
    rowSpacing: 28

    ColumnLayout {
        Layout.fillWidth: !search.wide
        Layout.preferredWidth: search.wide ? 860 : -1
        Layout.fillHeight: search.wide
        Layout.preferredHeight: Theme.lowReach ? Theme.reachTop - 40 : -1
        Layout.row: 0
        Layout.column: 0
        spacing: Theme.gutter
        StepIndicator {
            visible: !Theme.largeType && !Theme.lowReach && !(search.wide && Theme.zhuyin)
            Layout.fillWidth: true
            phrases: ["devices.form.step.card", "devices.form.step.number", "devices.form.step.form"].map(key => search.words.phrase(key))
            current: search.devices.over ? 2 : search.devices.typing ? 1 : 0
        }
        PlainText {
            visible: !(search.wide && Theme.largeType && search.devices.typing && search.devices.has_told)
            Layout.fillWidth: true
            said: search.words.say("devices.form.title")
            font.pixelSize: search.wide || Theme.lowReach ? Theme.heading : Theme.title - 8
            font.weight: Font.Bold
        }
        PlainText {
            visible: !Theme.largeType && (search.aside || !search.devices.has_told)
            Layout.fillWidth: true
            said: search.words.say("devices.form.note")
        }
        ToldCard {
            visible: search.devices.has_told && !search.aside
            Layout.fillWidth: true
            mood: search.devices.told.mood
            title: ({ main: search.devices.told.title, second: "" })
            advice: ({ main: search.devices.told.note, second: "" })
        }
        PlainText {
            visible: text !== ""
            Layout.fillWidth: true
            said: search.devices.question
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        Rectangle {
            visible: search.devices.typing
            Layout.fillWidth: true
            implicitHeight: 104
            radius: Theme.cardRadius
            color: Theme.page
            border.width: Theme.lineWidth
            border.color: Theme.magpie
            PlainText {
                anchors.fill: parent
                anchors.leftMargin: 32
                anchors.rightMargin: 32
                said: search.devices.typed !== "" ? search.devices.typed : search.words.say("devices.form.empty")
                bare: search.devices.typed !== ""
                font.pixelSize: search.devices.typed !== "" ? 56 : Theme.body
                font.weight: search.devices.typed !== "" ? Font.Bold : Font.Medium
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: 36
                color: search.devices.typed !== "" ? Theme.ink : Theme.ink2
                verticalAlignment: Text.AlignVCenter
                wrapMode: Text.NoWrap
            }
        }
        PlainText {
            visible: text !== "" && !search.aside
            Layout.fillWidth: true
            said: search.devices.command
        }
        Item {
            visible: search.wide || Theme.lowReach
            Layout.fillHeight: true
        }
        Loader {
            active: search.wide
            visible: active
            Layout.fillWidth: true
            sourceComponent: ways
        }
    }
    Loader {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.row: search.wide ? 0 : 1
        Layout.column: search.wide ? 1 : 0
        sourceComponent: search.devices.typing ? pad : table
    }
    Loader {
        active: !search.wide
        visible: active
        Layout.fillWidth: true
        Layout.row: 2
        Layout.column: 0
        sourceComponent: ways
    }

    Component {
        id: pad
        Keypad {
            words: search.words
            keys: search.devices.keys
            ready: search.devices.typed !== ""
            enterWord: search.words.say("devices.form.compare")
            onTyped: key => search.devices.press(key)
            onRemoved: search.devices.delete()
            onEntered: search.devices.enter()
        }
    }
    Component {
        id: table
        ColumnLayout {
            spacing: Theme.gutter
            Item {
                Layout.fillHeight: true
            }
            IconDisc {
                visible: !(search.aside && search.devices.has_told)
                Layout.alignment: Qt.AlignHCenter
                name: "card"
                ink: Theme.magpie
                color: Theme.magpieTint
                size: Theme.lowReach || Theme.largeType ? 200 : 300
            }
            ToldCard {
                visible: search.aside && search.devices.has_told
                Layout.fillWidth: true
                mood: search.devices.told.mood
                title: ({ main: search.devices.told.title, second: "" })
                advice: ({ main: search.devices.told.note, second: "" })
            }
            PlainText {
                visible: text !== "" && search.aside
                Layout.fillWidth: true
                said: search.devices.command
            }
            PlainText {
                visible: search.devices.compared.length > 0
                Layout.fillWidth: true
                said: search.words.say("devices.form.list")
                font.weight: Font.Bold
                horizontalAlignment: Text.AlignHCenter
            }
            GridLayout {
                Layout.alignment: Qt.AlignHCenter
                columns: search.wide && !Theme.largeType ? 3 : 2
                columnSpacing: Theme.gap
                rowSpacing: Theme.gap
                Repeater {
                    model: search.devices.compared
                    delegate: StatusTag {
                        required property string modelData
                        word: modelData
                        tone: Theme.banyan
                    }
                }
            }
            Item {
                Layout.fillHeight: true
            }
        }
    }
    Component {
        id: ways
        RowLayout {
            spacing: Theme.gutter
            uniformCellSizes: true
            BookButton {
                Layout.fillWidth: true
                Layout.fillHeight: true
                bound: false
                sign: "back"
                size: Theme.body
                phrase: ({ main: search.words.say("action.back"), second: "" })
                onClicked: search.devices.back()
            }
            BookButton {
                Layout.fillWidth: true
                Layout.fillHeight: true
                bound: false
                sign: "renew"
                size: Theme.body
                phrase: ({ main: search.words.say("devices.form.again"), second: "" })
                onClicked: search.devices.seek()
            }
        }
    }
}

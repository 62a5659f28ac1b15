pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// Keys of our own: what is typed goes to the view model key by key, and to no text field that could keep it.
GridLayout {
    id: pad

    required property Words words
    property string keys: "0123456789" // what may be typed now
    property bool ready: false // whether what was typed may be sent
    property bool usable: true
    property string enterWord: words.say("key.enter")

    readonly property bool lettered: !/[0-9]/.test(keys) && keys !== ""
    readonly property var digits: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    readonly property string extra: lettered ? "" : keys.replace(/[0-9]/g, "")

    signal typed(string key)
    signal removed
    signal entered

    columns: lettered ? 7 : 3 + Math.ceil(extra.length / 4)
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap
    uniformCellWidths: true
    uniformCellHeights: true

    Repeater {
        model: pad.lettered ? pad.keys.split("") : []
        delegate: KeyCap {
            required property string modelData
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: 170
            letter: modelData
            enabled: pad.usable
            onClicked: pad.typed(letter)
        }
    }
    Repeater {
        model: pad.lettered ? [] : pad.digits
        delegate: KeyCap {
            required property string modelData
            required property int index
            Layout.row: Math.floor(index / 3)
            Layout.column: index % 3
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: 190
            letter: modelData
            size: 72
            enabled: pad.usable && pad.keys.includes(modelData)
            onClicked: pad.typed(letter)
        }
    }
    Repeater {
        model: pad.extra.split("").filter(letter => letter !== "")
        delegate: KeyCap {
            required property string modelData
            required property int index
            Layout.row: index % 4
            Layout.column: 3 + Math.floor(index / 4)
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: 190
            letter: modelData
            enabled: pad.usable
            onClicked: pad.typed(letter)
        }
    }
    KeyCap {
        Layout.row: 3
        Layout.column: pad.lettered ? 5 : 0
        Layout.columnSpan: pad.lettered ? 2 : 1
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.maximumHeight: 190
        word: pad.words.say("key.delete")
        sign: "delete"
        enabled: pad.usable
        onClicked: pad.removed()
    }
    KeyCap {
        visible: !pad.lettered
        Layout.row: 3
        Layout.column: 1
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.maximumHeight: 190
        letter: "0"
        size: 72
        enabled: pad.usable && pad.keys.includes("0")
        onClicked: pad.typed(letter)
    }
    KeyCap {
        visible: !pad.lettered
        Layout.row: 3
        Layout.column: 2
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.maximumHeight: 190
        word: pad.enterWord
        sign: "check"
        filled: true
        enabled: pad.usable && pad.ready
        onClicked: pad.entered()
    }
}

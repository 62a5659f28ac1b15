pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// The demo's printer: how it is, at a click, and the slip that came out last.
Column {
    id: section

    required property TrayPrinterViewModel printer
    required property Words words

    signal printed

    spacing: 16

    Connections {
        target: section.printer
        function onChanged() {
            if (section.printer.slip !== slip.shown) {
                slip.shown = section.printer.slip;
                section.printed();
            }
        }
    }
    Row {
        width: parent.width
        spacing: 16
        Icon {
            id: sign
            name: "print"
            size: 48
        }
        BilingualText {
            width: parent.width - sign.width - 16
            anchors.verticalCenter: parent.verticalCenter
            phrase: ({ main: section.words.say("tray.printer"), second: section.words.say("tray.printer.hint") })
            size: 34
            secondSize: 28
        }
    }
    Flow {
        width: parent.width
        spacing: 16
        Repeater {
            model: section.printer ? section.printer.conditions : []
            delegate: Pressable {
                id: choice

                required property var modelData
                readonly property bool chosen: section.printer.condition === modelData.key

                width: (section.width - 32) / 3
                spoken: modelData.name
                topPadding: 16
                bottomPadding: 16
                leftPadding: 16
                rightPadding: 16
                onClicked: section.printer.choose(modelData.key)

                background: Rectangle {
                    topLeftRadius: Theme.bookLeft
                    bottomLeftRadius: Theme.bookLeft
                    topRightRadius: 28
                    bottomRightRadius: 28
                    color: choice.chosen ? Theme.azaleaTint : choice.down ? Theme.sand : Theme.page
                    border.width: choice.chosen ? 7 : Theme.edgeWidth
                    border.color: choice.chosen ? Theme.azalea : Theme.edge
                }
                contentItem: Item {
                    implicitHeight: 56
                    Icon {
                        id: tick
                        visible: choice.chosen
                        width: visible ? 40 : 0
                        anchors.verticalCenter: parent.verticalCenter
                        name: "check"
                        size: 40
                    }
                    PlainText {
                        anchors.left: tick.right
                        anchors.leftMargin: choice.chosen ? 8 : 0
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        said: choice.modelData.name
                        font.pixelSize: 28
                        font.weight: Font.Bold
                    }
                }
            }
        }
    }
    Rectangle {
        id: slip

        property string shown: ""

        visible: section.printer !== null && section.printer.slip !== ""
        x: (parent.width - width) / 2
        width: 576 + 48
        height: 32 + 576 * (section.printer ? section.printer.slip_shape : 0) + 32
        color: Theme.page
        border.width: Theme.lineWidth
        border.color: Theme.line
        Accessible.role: Accessible.Graphic
        Accessible.name: section.words.say("tray.printer.slip")
        Image {
            x: 24
            y: 32
            width: 576
            height: 576 * (section.printer ? section.printer.slip_shape : 0)
            cache: false
            fillMode: Image.Stretch
            source: section.printer ? section.printer.slip : ""
        }
    }
}

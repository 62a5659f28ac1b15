pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// Taking back, with a card or without: one after the other, and each line says where to put it.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property ReturnsViewModel returns: kiosk.returns
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool roomy: wide && !tight && !returns.in_session

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 12
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 40
        rowSpacing: 24

        Rectangle {
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 700 : -1
            Layout.fillHeight: screen.wide
            Layout.row: 0
            Layout.column: 0
            implicitHeight: inner.implicitHeight + 56
            color: Theme.banyanTint
            border.width: Theme.lineWidth
            border.color: Theme.banyan
            topLeftRadius: Theme.bookLeft
            bottomLeftRadius: Theme.bookLeft
            topRightRadius: Theme.actionRight
            bottomRightRadius: Theme.actionRight

            GridLayout {
                id: inner
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.leftMargin: 48
                anchors.rightMargin: 40
                columns: screen.wide ? 1 : 2
                columnSpacing: 16
                rowSpacing: screen.tight ? 8 : 36

                Icon {
                    visible: screen.roomy && !Theme.largeType
                    name: screen.returns.scanning ? "return" : "hand"
                    size: 148
                    color: Theme.banyan
                }
                RowLayout {
                    Layout.fillWidth: true
                    spacing: 36
                    Icon {
                        visible: !Theme.largeType && !screen.roomy
                        name: screen.returns.scanning ? "return" : "hand"
                        size: screen.tight ? 88 : 120
                        color: Theme.banyan
                    }
                    BilingualText {
                        Layout.fillWidth: true
                        phrase: screen.returns.prompt
                        size: Theme.largeType ? 64 : Theme.zhuyin ? Theme.heading : 54
                        secondSize: 34
                        secondColor: Theme.ink
                    }
                }
                GridLayout {
                    Layout.alignment: screen.wide ? Qt.AlignLeft : Qt.AlignCenter
                    Layout.preferredWidth: screen.wide ? -1 : Theme.largeType ? 250 : Theme.zhuyin ? 260 : 210
                    columns: screen.wide ? 2 : 1
                    columnSpacing: 28
                    rowSpacing: 0
                    PlainText {
                        Layout.fillWidth: !screen.wide
                        said: screen.returns.returned
                        font.pixelSize: screen.tight ? Theme.figure : screen.wide ? 108 : 92
                        font.weight: Font.Bold
                        lineHeight: 1
                        wrapMode: Text.NoWrap
                        horizontalAlignment: Text.AlignHCenter
                    }
                    PlainText {
                        Layout.fillWidth: true
                        said: screen.returns.returned_words.main
                        font.pixelSize: screen.wide ? Theme.strong : Theme.caption + 2
                        font.weight: Font.Bold
                        horizontalAlignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
                    }
                }
            }
        }

        Slip {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.row: screen.wide ? 0 : 1
            Layout.column: screen.wide ? 1 : 0
            Layout.rowSpan: screen.wide ? 2 : 1

            SlipHead {
                id: head
                x: 28
                width: parent.width - 56
                words: screen.words
                title: screen.words.say("return.slip")
                lines: list.count > 0
            }
            EmptySlip {
                visible: list.count === 0
                advice: screen.returns.advice
                scanning: screen.returns.scanning
                cover: Theme.banyanTint
            }
            SlipList {
                id: list
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: head.bottom
                anchors.bottom: keys.visible ? keys.top : parent.bottom
                anchors.bottomMargin: keys.visible ? 8 : 0
                model: screen.returns.lines
                Accessible.name: screen.words.say("return.slip")

                delegate: ReturnEntry {
                    required property var model

                    width: list.width
                    words: screen.words
                    line: model.line
                    latest: model.latest
                    transform: Arrival {
                        id: arrival
                    }
                    Component.onCompleted: {
                        if (list.begun)
                            arrival.play();
                    }
                }
            }
            PageKeys {
                id: keys
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                anchors.margins: 20
                view: list
                room: parent.height - head.height
                words: screen.words
            }
        }

        GridLayout {
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 700 : -1
            Layout.fillHeight: false
            Layout.row: screen.wide ? 1 : 2
            Layout.column: 0
            columns: screen.wide || Theme.largeType ? 1 : 2
            columnSpacing: Theme.gutter
            rowSpacing: Theme.gutter
            BookButton {
                visible: screen.returns.in_session
                Layout.fillWidth: screen.wide || Theme.largeType
                Layout.fillHeight: true
                Layout.preferredWidth: Theme.zhuyin ? 480 : 300
                bound: false
                sign: "back"
                phrase: screen.words.phrase("return.back")
                onClicked: screen.kiosk.back()
            }
            MainButton {
                Layout.fillWidth: true
                implicitHeight: screen.tight ? 136 : 176
                sign: screen.returns.returned > 0 ? "check" : "exit"
                phrase: screen.words.phrase(screen.returns.returned > 0 ? "return.finish" : "return.finish.none")
                onClicked: screen.kiosk.finish()
            }
        }
    }
}

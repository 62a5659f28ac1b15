pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// Just keep scanning: the prompt, the slip with the newest line first, and the end.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property SlipViewModel slip: kiosk.slip
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool stacked: wide || Theme.reachTop > 560 // the count below the prompt

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 12
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 40
        rowSpacing: 24

        StepIndicator {
            id: steps
            visible: !Theme.largeType
            Layout.fillWidth: true
            Layout.columnSpan: screen.wide ? 2 : 1
            phrases: [screen.words.phrase("borrow.step.tap"), screen.words.phrase("borrow.step.scan"), screen.words.phrase("borrow.step.finish")]
            current: 1
        }

        Rectangle {
            id: prompt
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 780 : -1
            Layout.fillHeight: screen.wide
            Layout.row: Theme.largeType ? 0 : 1
            Layout.column: 0
            implicitHeight: Math.max(inner.implicitHeight + 56, Theme.reachTop - 36 - (steps.visible ? steps.implicitHeight + 24 : 0))
            color: Theme.magpieTint
            border.width: Theme.lineWidth
            border.color: Theme.magpie
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
                columns: screen.stacked ? 1 : 2
                columnSpacing: 16
                rowSpacing: screen.tight ? 8 : screen.wide ? 28 : 48

                RowLayout {
                    Layout.fillWidth: true
                    spacing: 40
                    Icon {
                        visible: !Theme.largeType
                        name: screen.slip.scanning ? "scan" : "hand"
                        size: screen.tight ? 88 : Theme.lowReach ? 180 : 120
                        color: Theme.magpie
                    }
                    BilingualText {
                        Layout.fillWidth: true
                        phrase: screen.slip.prompt
                        size: !screen.slip.scanning || (Theme.zhuyin && !Theme.largeType) ? Theme.heading : Theme.largeType ? 64 : 54
                        secondSize: screen.slip.scanning ? 34 : 30
                    }
                }
                GridLayout {
                    Layout.alignment: screen.stacked ? Qt.AlignLeft : Qt.AlignCenter
                    Layout.preferredWidth: screen.stacked ? -1 : Theme.largeType || Theme.zhuyin ? 280 : 210
                    flow: screen.stacked ? GridLayout.TopToBottom : GridLayout.LeftToRight
                    columns: 1
                    rows: screen.stacked ? 2 : 3
                    columnSpacing: 40
                    rowSpacing: 0
                    PlainText {
                        Layout.rowSpan: screen.stacked ? 2 : 1
                        Layout.fillWidth: !screen.stacked
                        Layout.preferredWidth: screen.stacked ? Math.max(screen.tight ? 88 : screen.wide ? 120 : 180, implicitWidth) : -1 // below the sign
                        wrapMode: Text.NoWrap
                        said: screen.slip.borrowed
                        font.pixelSize: screen.tight ? Theme.figure : screen.stacked ? 108 : 92
                        font.weight: Font.Bold
                        lineHeight: 1
                        horizontalAlignment: Text.AlignHCenter
                    }
                    PlainText {
                        Layout.fillWidth: true
                        said: screen.slip.borrowed_words.main
                        font.pixelSize: screen.stacked ? Theme.strong : Theme.caption + 2
                        font.weight: Font.Bold
                        horizontalAlignment: screen.stacked ? Text.AlignLeft : Text.AlignHCenter
                    }
                    PlainText {
                        Layout.fillWidth: true
                        said: screen.slip.left.main
                        font.pixelSize: screen.stacked ? Theme.body : Theme.zhuyin ? Theme.leastRead : Theme.caption
                        horizontalAlignment: screen.stacked ? Text.AlignLeft : Text.AlignHCenter
                    }
                }
            }
        }

        Slip {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.row: screen.wide ? prompt.Layout.row : prompt.Layout.row + 1
            Layout.column: screen.wide ? 1 : 0
            Layout.rowSpan: screen.wide ? 2 : 1

            SlipHead {
                id: head
                x: 28
                width: parent.width - 56
                words: screen.words
                title: screen.words.say("borrow.slip")
                lines: list.count > 0
            }
            EmptySlip {
                visible: list.count === 0
                advice: screen.slip.advice
                scanning: screen.slip.scanning
                cover: Theme.magpieTint
            }
            SlipList {
                id: list
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: head.bottom
                anchors.bottom: parent.bottom
                model: screen.slip.lines
                Accessible.name: screen.words.say("borrow.slip")

                delegate: SlipEntry {
                    id: entry

                    width: list.width
                    words: screen.words
                    onReturned: screen.slip.put_back(line.number)
                    onFocused: list.reveal(entry)
                    transform: Arrival {
                        id: arrival
                    }
                    Component.onCompleted: {
                        if (list.begun)
                            arrival.play();
                    }
                }
            }
        }

        MainButton {
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 780 : -1
            Layout.row: screen.wide ? prompt.Layout.row + 1 : prompt.Layout.row + 2
            Layout.column: 0
            sign: screen.slip.borrowed > 0 ? "check" : "exit"
            phrase: screen.words.phrase(screen.slip.borrowed > 0 ? "borrow.finish" : "borrow.finish.none")
            onClicked: screen.kiosk.finish()
        }
    }
}

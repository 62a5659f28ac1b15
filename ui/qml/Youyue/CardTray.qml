pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Youyue
import Youyue.ViewModels

// The demo's tray. A click on a card taps it, a click on a book scans it.
Window {
    id: window

    required property CardTrayViewModel tray

    readonly property Words words: tray.words

    visible: true
    color: Theme.sand
    title: "悠閱 · " + words.say("tray.title")

    Item {
        id: stage
        width: 720
        height: window.height / scale
        scale: window.width / width
        transformOrigin: Item.TopLeft

        Flickable {
            id: view
            anchors.fill: parent
            contentHeight: all.height + 64
            boundsBehavior: Flickable.StopAtBounds

            Column {
                id: all
                x: 32
                y: 32
                width: stage.width - 64
                spacing: 20

                Row {
                    width: parent.width
                    spacing: 16
                    Mark {
                        id: mark
                    }
                    BilingualText {
                        width: parent.width - mark.width - 16
                        anchors.verticalCenter: parent.verticalCenter
                        phrase: ({ main: window.words.say("tray.title"), second: window.words.say("tray.hint") })
                        size: 44
                        secondSize: 28
                    }
                }
                Repeater {
                    model: window.tray.cards
                    delegate: Pressable {
                        id: card

                        required property var modelData
                        readonly property bool lying: window.tray.busy === modelData.key

                        width: all.width
                        spoken: modelData.name
                        leftPadding: 24
                        rightPadding: 24
                        topPadding: 14
                        bottomPadding: 14
                        ringLeft: Theme.cardRadius
                        ringRight: Theme.cardRadius
                        onClicked: window.tray.tap(modelData.key)

                        background: Rectangle {
                            radius: Theme.cardRadius
                            color: card.lying ? Theme.azaleaTint : card.down ? Theme.sand : Theme.page
                            border.width: card.lying ? 7 : Theme.edgeWidth
                            border.color: card.lying ? Theme.azalea : Theme.edge
                        }
                        contentItem: Item {
                            implicitHeight: Math.max(84, cardText.implicitHeight)
                            Image {
                                width: 136
                                height: 88
                                anchors.verticalCenter: parent.verticalCenter
                                source: Qt.resolvedUrl("../../art/card.svg")
                                sourceSize.width: 136
                                Accessible.ignored: true
                            }
                            BilingualText {
                                id: cardText
                                x: 164
                                width: parent.width - x
                                anchors.verticalCenter: parent.verticalCenter
                                phrase: ({ main: card.modelData.name, second: card.modelData.shows })
                                size: 34
                                secondSize: 28
                            }
                        }
                    }
                }
                PrinterSection {
                    visible: window.tray.printer !== null
                    width: parent.width
                    printer: window.tray.printer
                    words: window.words
                    onPrinted: view.contentY = Math.max(0, Math.min(y - 16, view.contentHeight - view.height))
                }
                PlainText {
                    said: window.words.say("tray.books")
                    font.pixelSize: 34
                    font.weight: Font.Bold
                }
                Repeater {
                    model: window.tray.books
                    delegate: Pressable {
                        id: book

                        required property var modelData
                        required property int index

                        width: all.width
                        spoken: modelData.name
                        leftPadding: 60
                        rightPadding: 24
                        topPadding: 12
                        bottomPadding: 12
                        onClicked: window.tray.scan(modelData.key)

                        background: Spine {
                            cover: book.down ? Theme.sand : Theme.page
                            spineColor: [Theme.magpie, Theme.banyan, Theme.tea, Theme.azalea][book.index % 4]
                        }
                        contentItem: Item {
                            implicitHeight: bookText.height
                            Column {
                                id: bookText
                                width: parent.width - 72
                                anchors.verticalCenter: parent.verticalCenter
                                PlainText {
                                    width: parent.width
                                    outside: true
                                    maximumLineCount: 1
                                    said: book.modelData.name
                                    font.weight: Font.Bold
                                }
                                PlainText {
                                    width: parent.width
                                    visible: text !== ""
                                    outside: true
                                    maximumLineCount: 1
                                    said: book.modelData.shows
                                    font.pixelSize: 28
                                    color: Theme.ink2
                                }
                            }
                            Icon {
                                anchors.right: parent.right
                                anchors.verticalCenter: parent.verticalCenter
                                name: "scan"
                                size: 48
                            }
                        }
                    }
                }
            }
        }
    }
}

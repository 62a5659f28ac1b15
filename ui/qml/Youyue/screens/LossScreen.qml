pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// Which card is lost, what a report does and what it does not, and the button that is held.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property LossViewModel loss: kiosk.loss
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool low: Theme.lowReach && !none
    readonly property bool none: loss.open_cards === 0
    readonly property bool brief: wide || Theme.largeType || loss.cards.length > 3
    property bool armed: false // a short tap: somebody may not be able to hold

    component Cards: GridLayout {
        id: choices

        required property LossViewModel loss
        required property Words words
        required property int least
        property bool plain: false
        property bool narrow: false

        signal chose

        columns: 1
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap
        uniformCellWidths: true
        Repeater {
            model: choices.loss.cards
            delegate: CardChoiceButton {
                required property var modelData
                Layout.fillWidth: true
                Layout.fillHeight: true
                least: choices.least
                plain: choices.plain
                narrow: choices.narrow
                phrase: modelData.name
                kind: modelData.kind
                chosen: modelData.chosen
                enabled: !modelData.lost
                tag: modelData.lost ? choices.words.say("loss.lost") : modelData.chosen ? choices.words.say("loss.chosen") : ""
                onClicked: {
                    choices.chose();
                    choices.loss.choose(modelData.number);
                }
            }
        }
    }

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: screen.none ? Math.max(Theme.margin, (screen.width - 1100) / 2) : Theme.margin
        anchors.rightMargin: anchors.leftMargin
        anchors.topMargin: 8
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 40
        rowSpacing: Theme.gutter

        ColumnLayout {
            Layout.fillWidth: !screen.wide || screen.none
            Layout.preferredWidth: screen.wide ? 700 : -1
            Layout.fillHeight: screen.wide || screen.none
            spacing: Theme.gutter
            Item {
                visible: screen.none
                Layout.fillHeight: true
            }
            IconDisc {
                visible: screen.none && !screen.tight && !(screen.wide && screen.loss.cards.length > 0)
                Layout.alignment: screen.wide ? Qt.AlignLeft : Qt.AlignHCenter
                Layout.bottomMargin: 24
                name: "card"
                ink: Theme.banyan
                color: Theme.banyanTint
                size: screen.wide ? 200 : 300
            }
            BilingualText {
                Layout.fillWidth: true
                alignment: screen.none && !screen.wide ? Text.AlignHCenter : Text.AlignLeft
                phrase: screen.words.phrase(screen.none ? "loss.none" : "loss.title")
                size: screen.wide || screen.none ? Theme.title - 6 : Theme.title + 6
                secondSize: 34
            }
            PlainText {
                visible: screen.none
                Layout.fillWidth: true
                said: screen.words.say("loss.none.do")
                font.pixelSize: Theme.strong
                horizontalAlignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            Flickable {
                id: cardsView
                visible: !screen.low
                Layout.fillWidth: true
                Layout.fillHeight: screen.wide && !screen.none
                Layout.preferredHeight: screen.wide && !screen.none ? 0 : cards.height
                Layout.rightMargin: -Theme.rail
                contentHeight: cards.height
                interactive: contentHeight > height
                clip: interactive
                boundsBehavior: Flickable.StopAtBounds
                Cards {
                    id: cards
                    width: parent.width - Theme.rail
                    loss: screen.loss
                    words: screen.words
                    least: Theme.largeType ? 100 : screen.brief ? 116 : 140
                    plain: screen.wide
                    onChose: screen.armed = false
                }
                Rail {
                    view: cardsView
                }
            }
            Item {
                visible: screen.none
                Layout.fillHeight: true
            }
            BookButton {
                visible: screen.wide || screen.none
                Layout.fillWidth: true
                bound: false
                sign: "back"
                phrase: screen.words.phrase("action.back")
                onClicked: screen.kiosk.back()
            }
        }
        ColumnLayout {
            visible: !screen.none
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gutter
            Flickable {
                id: factsView
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.rightMargin: -Theme.rail
                contentHeight: facts.height
                interactive: contentHeight > height
                clip: interactive
                boundsBehavior: Flickable.StopAtBounds
                GridLayout {
                    id: facts
                    width: parent.width - Theme.rail
                    columns: Theme.largeType && !screen.wide ? 1 : 2
                    columnSpacing: Theme.gutter
                    rowSpacing: Theme.gap
                    uniformCellWidths: true
                    FactsCard {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        words: screen.words
                        brief: screen.tight || Theme.largeType || screen.loss.cards.length > 3
                        tone: Theme.azalea
                        heading: "loss.happens"
                        sign: "alert"
                        lines: [["nocard", "loss.happens.stop"], ["people", "loss.happens.finder"], ["card", "loss.happens.reissue"]]
                    }
                    FactsCard {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        words: screen.words
                        brief: screen.tight || Theme.largeType || screen.loss.cards.length > 3
                        tone: Theme.banyan
                        heading: "loss.stays"
                        sign: "check"
                        lines: [["loans", "loss.stays.loans"], ["card", "loss.stays.cards"], ["money", "loss.stays.money"]]
                    }
                }
                Rail {
                    view: factsView
                }
            }
            Cards {
                visible: screen.low
                Layout.fillWidth: true
                Layout.fillHeight: false
                columns: 2
                narrow: true
                loss: screen.loss
                words: screen.words
                least: 116
                plain: true
                onChose: screen.armed = false
            }
            HoldButton {
                id: holding
                Layout.fillWidth: true
                implicitHeight: Math.max(screen.low ? 152 : screen.tight || Theme.largeType ? 168 : 200, implicitContentHeight + 32)
                enabled: screen.loss.chosen
                phrase: screen.words.phrase(screen.loss.chosen ? "loss.hold" : "loss.hold.choose")
                note: screen.loss.chosen ? screen.words.phrase("loss.hold.note") : ({ main: "", second: "" })
                onTapped: screen.armed = true
                onConfirmed: screen.loss.confirm()
            }
            GridLayout {
                Layout.fillWidth: true
                Layout.fillHeight: false
                columns: screen.low ? 2 : 1
                columnSpacing: Theme.gutter
                rowSpacing: Theme.gutter
                Item {
                    Layout.fillWidth: true
                    implicitHeight: Math.max(112, hint.implicitHeight)
                    RowLayout {
                        id: hint
                        visible: !screen.armed
                        width: parent.width
                        anchors.verticalCenter: parent.verticalCenter
                        spacing: 20
                        Icon {
                            name: "info"
                            color: Theme.ink2
                            size: 44
                        }
                        BilingualText {
                            Layout.fillWidth: true
                            phrase: screen.words.phrase("loss.cannot_hold")
                            size: Theme.largeType ? 38 : Theme.caption
                            secondSize: 28
                            weight: Font.Medium
                        }
                    }
                    BookButton {
                        visible: screen.armed && screen.loss.chosen
                        width: parent.width
                        height: parent.height
                        bound: false
                        sign: "lost"
                        phrase: screen.words.phrase("loss.confirm")
                        onClicked: screen.loss.confirm()
                    }
                }
                BookButton {
                    visible: !screen.wide
                    Layout.fillWidth: !screen.low
                    Layout.fillHeight: screen.low
                    bound: false
                    sign: "back"
                    phrase: screen.words.phrase("action.back")
                    onClicked: screen.kiosk.back()
                }
            }
        }
    }
}

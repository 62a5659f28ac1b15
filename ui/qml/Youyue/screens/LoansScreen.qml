pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// My loans, earliest due date first; my holds, those that can be collected apart from those that wait.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property LoansViewModel loans: kiosk.loans
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool holding: loans.ready_count + loans.waiting_count > 0

    component Ready: Column {
        id: ready
        property KioskViewModel kiosk
        visible: kiosk.loans.ready_count > 0
        SectionHead {
            width: parent.width
            phrase: ready.kiosk.comfort.words.phrase("hold.ready")
            sign: "hold"
            tone: Theme.banyan
            count: ready.kiosk.loans.ready_count
        }
        Repeater {
            model: ready.kiosk.loans.ready
            delegate: HoldEntry {
                required property var model
                width: ready.width
                line: model.line
                ready: true
            }
        }
    }
    component Waiting: Column {
        id: waiting
        property KioskViewModel kiosk
        visible: kiosk.loans.waiting_count > 0
        SectionHead {
            width: parent.width
            phrase: waiting.kiosk.comfort.words.phrase("hold.waiting")
            sign: "clock"
            tone: Theme.magpie
            count: waiting.kiosk.loans.waiting_count
        }
        Repeater {
            model: waiting.kiosk.loans.waiting
            delegate: HoldEntry {
                required property var model
                width: waiting.width
                line: model.line
                ready: false
            }
        }
    }

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 12
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 40
        rowSpacing: Theme.gutter

        ColumnLayout {
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 640 : -1
            Layout.fillHeight: screen.wide
            Layout.preferredHeight: Theme.lowReach ? Theme.reachTop - 12 - Theme.gutter : -1
            Layout.row: 0
            Layout.column: 0
            spacing: Theme.gutter
            Item {
                visible: Theme.lowReach
                Layout.fillHeight: true
            }
            GridLayout {
                readonly property bool stacked: width > 0 && (mark.visible ? mark.width + 24 : 0) + heading.implicitWidth + 24 + total.implicitWidth > width
                Layout.fillWidth: true
                columns: stacked ? 2 : 3
                columnSpacing: 24
                rowSpacing: 8
                Icon {
                    id: mark
                    visible: !Theme.largeType && !screen.tight
                    name: "loans"
                    size: 84
                    color: Theme.tea
                }
                PlainText {
                    id: heading
                    Layout.fillWidth: true
                    said: screen.words.say("loans.title")
                    font.pixelSize: screen.tight ? Theme.heading : screen.wide && Theme.zhuyin ? Theme.heading : Theme.title
                    font.weight: Font.Bold
                }
                PlainText {
                    id: total
                    Layout.columnSpan: parent.stacked ? 2 : 1 // qmllint disable missing-property
                    said: screen.loans.on_loan.main
                    font.pixelSize: Theme.strong
                    font.weight: Font.Bold
                    wrapMode: Text.NoWrap
                }
            }
            ActionBook {
                visible: screen.loans.titles_hidden && !Theme.lowReach
                Layout.fillWidth: true
                sign: "key"
                tone: Theme.azalea
                size: Theme.zhuyin && !Theme.largeType ? 42 : Theme.strong
                phrase: screen.words.phrase("loans.show_titles")
                note: screen.tight ? ({ main: "", second: "" }) : screen.words.phrase("loans.hidden")
                onClicked: screen.loans.show_titles()
            }
            RowLayout {
                visible: screen.holding && !Theme.largeType
                Layout.fillWidth: true
                spacing: Theme.gutter
                uniformCellSizes: true
                TallyCard {
                    visible: shown > 0
                    Layout.fillWidth: true
                    shown: screen.loans.ready_count
                    narrow: screen.wide
                    icon: "hold"
                    tone: Theme.banyan
                    tint: Theme.banyanTint
                    title: screen.words.phrase("hold.ready.short")
                    note: ({ main: title.second, second: "" })
                }
                TallyCard {
                    visible: shown > 0
                    Layout.fillWidth: true
                    shown: screen.loans.waiting_count
                    narrow: screen.wide
                    icon: "clock"
                    tone: Theme.magpie
                    tint: Theme.magpieTint
                    title: screen.words.phrase("hold.waiting.short")
                    note: ({ main: title.second, second: "" })
                }
            }
            Item {
                visible: screen.wide
                Layout.fillHeight: true
            }
        }

        PagedBook {
            id: book
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.row: screen.wide ? 0 : 1
            Layout.column: screen.wide ? 1 : 0
            Layout.rowSpan: screen.wide ? 2 : 1
            words: screen.words
            listName: screen.words.say("loans.title")
            SectionHead {
                width: parent?.width ?? 0
                visible: screen.holding && screen.loans.loan_count > 0
                phrase: screen.words.phrase("home.on_loan")
                sign: "loans"
                tone: Theme.tea
                count: screen.loans.loan_count
            }
            Repeater {
                model: screen.loans.loans
                delegate: LoanEntry {
                    id: entry
                    required property var model
                    width: parent?.width ?? 0
                    words: screen.words
                    line: model.line
                    onRenewing: screen.loans.renew(line.number)
                    onFocused: book.reveal(entry.y, entry.y + entry.height)
                }
            }
            Ready {
                width: parent?.width ?? 0
                kiosk: screen.kiosk
                visible: screen.loans.ready_count > 0
            }
            Waiting {
                width: parent?.width ?? 0
                kiosk: screen.kiosk
                visible: screen.loans.waiting_count > 0
            }
            Item {
                visible: screen.loans.loan_count === 0 && !screen.holding
                width: parent?.width ?? 0
                height: 420
                Column {
                    x: 60
                    y: 100
                    width: parent.width - 120
                    spacing: 32
                    Icon {
                        anchors.horizontalCenter: parent.horizontalCenter
                        name: "loans"
                        size: 140
                        color: Theme.tea
                    }
                    BilingualText {
                        width: parent.width
                        phrase: screen.words.phrase("loans.none")
                        alignment: Text.AlignHCenter
                    }
                }
            }
        }

        GridLayout {
            Layout.fillWidth: !screen.wide
            Layout.preferredWidth: screen.wide ? 640 : -1
            Layout.fillHeight: false
            Layout.row: screen.wide ? 1 : 2
            Layout.column: 0
            columns: (Theme.largeType && !Theme.lowReach) || screen.wide ? 1 : 2
            columnSpacing: Theme.gutter
            rowSpacing: Theme.gutter
            ActionBook {
                visible: screen.loans.titles_hidden && Theme.lowReach
                Layout.fillWidth: true
                Layout.columnSpan: 2
                sign: "key"
                tone: Theme.azalea
                size: Theme.zhuyin && !Theme.largeType ? 42 : Theme.strong
                phrase: screen.words.phrase("loans.show_titles")
                onClicked: screen.loans.show_titles()
            }
            BookButton {
                Layout.fillWidth: screen.wide || Theme.largeType || screen.loans.can_renew === 0
                Layout.fillHeight: !screen.wide && (Theme.lowReach || !Theme.largeType)
                bound: false
                sign: "back"
                phrase: screen.words.phrase("action.back")
                onClicked: screen.kiosk.back()
            }
            MainButton {
                visible: screen.loans.can_renew > 0
                Layout.fillWidth: true
                implicitHeight: screen.tight || Theme.lowReach ? 136 : 160
                size: Theme.largeType ? (screen.wide || Theme.lowReach ? 54 : 72) : 56
                sign: "renew"
                phrase: ({ main: screen.loans.renew_all_words.main, second: "" })
                onClicked: screen.loans.renew_all()
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// The patron's own screen: who, state, notice, then the main action and the further ones.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property HomeViewModel home: kiosk.home
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room
    readonly property bool crowded: wide && (home.overdue > 0 || home.due_soon > 0) && home.holds_ready + home.holds_waiting > 0 && !home.contact_complete
    readonly property bool brief: home.obstacles.length > 1
    readonly property bool low: Theme.lowReach && home.may_borrow
    readonly property bool free: !brief && home.overdue + home.due_soon + home.holds_ready + home.holds_waiting === 0 && home.contact_complete
    readonly property bool calm: wide && height >= 700 && free
    readonly property bool roomy: !brief && !crowded && (Theme.largeType ? free : calm || !tight) // for the child's animal
    readonly property int portraitSize: low ? 200 : calm ? (tight || Theme.largeType ? 132 : 220) : wide ? 104 : 144 // of the bear

    readonly property int actionHeight: !home.may_borrow || Theme.largeType ? 188 : wide ? (tight ? 188 : 248) : height < 1300 ? 188 : 260

    component Tallies: GridLayout {
        Layout.fillWidth: true
        Layout.fillHeight: false
        columns: Theme.largeType ? 1 : 2
        columnSpacing: Theme.gutter
        rowSpacing: Theme.gap
    }

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 40
        rowSpacing: Theme.gutter

        Flickable {
            id: stateView
            Layout.preferredWidth: screen.wide ? 780 + Theme.rail : -1
            Layout.fillWidth: !screen.wide
            Layout.fillHeight: screen.wide
            Layout.rightMargin: -Theme.rail
            Layout.preferredHeight: screen.wide ? 0 : screen.low ? Theme.reachTop - 16 - Theme.gutter : Math.min(state.implicitHeight, screen.height - 64 - actions.implicitHeight - (screen.home.may_borrow ? 0 : 300))
            contentHeight: state.implicitHeight
            interactive: contentHeight > height
            clip: interactive
            boundsBehavior: Flickable.StopAtBounds

            ColumnLayout {
                id: state
                width: parent.width - Theme.rail
                y: screen.calm || screen.low ? Math.max(0, (stateView.height - implicitHeight) / 2) : 0
                spacing: screen.calm ? (screen.tight ? 2 : 3) * Theme.gutter : screen.crowded ? 8 : Theme.gutter

                RowLayout {
                    Layout.fillWidth: true
                    spacing: 32
                    AnimalBadge {
                        visible: Theme.lowReach && !Theme.largeType && screen.home.animal !== ""
                        size: screen.portraitSize
                        animal: screen.home.animal === "" ? "bear" : screen.home.animal
                    }
                    Pressable {
                        id: me
                        visible: !Theme.lowReach && screen.roomy && screen.home.may_choose
                        spoken: screen.words.say(screen.home.animal === "" ? "home.animal.choose" : "home.animal.change")
                        Layout.preferredWidth: screen.portraitSize
                        Layout.preferredHeight: screen.portraitSize
                        padding: 0
                        onClicked: screen.kiosk.choose_animal()
                        background: Rectangle {
                            radius: width / 2
                            color: screen.home.animal === "" ? Theme.lanternTint : me.down ? Theme.sand : "transparent"
                            border.width: Theme.edgeWidth
                            border.color: Theme.edge
                        }
                        contentItem: Item {
                            AnimalBadge {
                                visible: screen.home.animal !== ""
                                anchors.centerIn: parent
                                size: screen.portraitSize - 8
                                animal: screen.home.animal === "" ? "bear" : screen.home.animal
                            }
                            Icon {
                                visible: screen.home.animal === ""
                                anchors.centerIn: parent
                                name: "paw"
                                size: Math.round(screen.portraitSize * 0.62)
                                color: Theme.lanternInk
                            }
                        }
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0
                        PlainText {
                            Layout.fillWidth: true
                            outside: true
                            maximumLineCount: 1
                            said: screen.home.hello.main
                            font.pixelSize: Theme.title
                            font.weight: Font.Bold
                            wrapMode: Text.Wrap
                        }
                        PlainText {
                            Layout.fillWidth: true
                            visible: Theme.largeType ? me.visible && screen.home.animal === "" : (screen.calm || !screen.tight) && !screen.crowded
                            outside: true
                            maximumLineCount: 1
                            said: me.visible && screen.home.animal === "" ? screen.words.say("home.animal.choose") : [screen.words.say("home.card_read"), screen.home.hello.second].filter(word => word !== "").join(" · ")
                            font.pixelSize: Theme.body
                            color: Theme.ink2
                        }
                    }
                }

                LoansCard {
                    Layout.fillWidth: true
                    words: screen.words
                    home: screen.home
                    plain: (screen.tight && !screen.calm) || screen.brief || screen.crowded
                    tall: screen.calm
                    narrow: screen.wide
                }

                Tallies {
                    visible: screen.home.overdue > 0 || screen.home.due_soon > 0
                    TallyCard {
                        visible: shown > 0
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        Layout.preferredWidth: screen.wide ? 330 : 454
                        shown: screen.home.overdue
                        narrow: screen.wide
                        icon: "alert"
                        tone: Theme.beak
                        tint: Theme.beakTint
                        title: screen.words.phrase("home.overdue")
                        note: screen.words.phrase("home.overdue.do")
                    }
                    TallyCard {
                        visible: shown > 0
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        Layout.preferredWidth: screen.wide ? 430 : 510
                        shown: screen.home.due_soon
                        narrow: screen.wide
                        icon: "clock"
                        tone: Theme.tea
                        tint: Theme.teaTint
                        title: screen.words.phrase("home.due_soon")
                        note: screen.home.due_soon_note
                    }
                }

                Tallies {
                    visible: screen.home.holds_ready > 0 || screen.home.holds_waiting > 0
                    TallyCard {
                        visible: shown > 0
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        Layout.preferredWidth: screen.wide ? 380 : 482
                        shown: screen.home.holds_ready
                        narrow: screen.wide
                        icon: "hold"
                        tone: Theme.banyan
                        tint: Theme.banyanTint
                        title: screen.words.phrase("hold.ready")
                        note: screen.home.holds_ready_note
                    }
                    TallyCard {
                        visible: shown > 0
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        Layout.preferredWidth: screen.wide ? 380 : 482
                        shown: screen.home.holds_waiting
                        narrow: screen.wide
                        icon: "people"
                        tone: Theme.magpie
                        tint: Theme.magpieTint
                        title: screen.words.phrase("hold.waiting")
                        note: screen.words.phrase("home.holds_waiting.do")
                    }
                }

                NoticeCard {
                    visible: !screen.home.contact_complete
                    Layout.fillWidth: true
                    icon: "people"
                    title: screen.words.phrase("home.contact_incomplete")
                    note: screen.words.phrase("home.contact_incomplete.do")
                }
            }
            Rail {
                view: stateView
            }
        }

        ColumnLayout {
            id: actions
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gutter

            Flickable {
                id: obstacleView
                visible: !screen.home.may_borrow
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.rightMargin: -Theme.rail
                contentHeight: obstacles.height
                interactive: contentHeight > height
                clip: true
                boundsBehavior: Flickable.StopAtBounds
                Column {
                    id: obstacles
                    width: parent.width - Theme.rail
                    spacing: Theme.gutter
                    Repeater {
                        model: screen.home.obstacles
                        delegate: ObstacleCard {
                            required property var modelData

                            width: obstacles.width
                            obstacleText: modelData
                            brief: screen.brief
                        }
                    }
                }
                Rail {
                    view: obstacleView
                }
            }
            BorrowCover {
                visible: screen.home.may_borrow
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.minimumHeight: 220
                phrase: screen.words.phrase("home.borrow")
                hint: screen.home.hint
                onClicked: screen.kiosk.borrow()
            }
            RowLayout {
                visible: !screen.home.may_borrow && !Theme.largeType && !screen.wide && !screen.brief
                spacing: 16
                Icon {
                    name: "check"
                    color: Theme.banyan
                    size: 44
                }
                PlainText {
                    said: screen.words.phrase("home.can_still").main
                    font.pixelSize: Theme.strong - 2
                    font.weight: Font.Bold
                }
                PlainText {
                    Layout.fillWidth: true
                    visible: Theme.paired
                    said: screen.words.phrase("home.can_still").second
                    font.pixelSize: Theme.caption
                    color: Theme.ink2
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columns: screen.low ? 2 : 3
                columnSpacing: Theme.gutter
                rowSpacing: Theme.gap
                uniformCellWidths: true
                ActionBook {
                    Layout.fillWidth: true
                    upright: !screen.low
                    implicitHeight: screen.low ? 136 : screen.actionHeight
                    phrase: screen.words.phrase("action.return")
                    sign: "return"
                    tone: Theme.banyan
                    onClicked: screen.kiosk.take_back()
                }
                ActionBook {
                    Layout.fillWidth: true
                    upright: !screen.low
                    implicitHeight: screen.low ? 136 : screen.actionHeight
                    phrase: screen.words.phrase("action.loans")
                    sign: "loans"
                    tone: Theme.tea
                    onClicked: screen.kiosk.my_loans()
                }
                ActionBook {
                    Layout.fillWidth: true
                    upright: !screen.low
                    implicitHeight: screen.low ? 136 : screen.actionHeight
                    phrase: screen.words.phrase("action.loss")
                    sign: "lost"
                    tone: Theme.azalea
                    onClicked: screen.kiosk.report_loss()
                }
                ActionBook {
                    visible: screen.low && screen.home.may_choose
                    Layout.fillWidth: true
                    implicitHeight: 136
                    phrase: screen.words.phrase("home.animal")
                    sign: "paw"
                    tone: Theme.lanternInk
                    onClicked: screen.kiosk.choose_animal()
                }
            }
            MainButton {
                visible: !screen.home.may_borrow
                Layout.fillWidth: true
                implicitHeight: screen.wide || screen.brief ? 112 : 136
                size: screen.wide ? Theme.heading : Theme.title - 8
                sign: "check"
                phrase: screen.words.phrase("home.understood")
                onClicked: screen.kiosk.finish()
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// Nobody is here: where to hold the card, what time it is, whether the library is open.
Item {
    id: screen

    required property KioskViewModel kiosk
    required property string readerSide // right, left, below

    readonly property Words words: kiosk.comfort.words
    readonly property bool checking: kiosk.page === "card_check"
    readonly property bool classHere: kiosk.attract.class_here
    readonly property bool reads: kiosk.attract.reads
    readonly property string invitation: !reads ? "attract.no_reader" : checking ? "attract.check" : !kiosk.attract.lends ? "attract.stopped" : classHere ? "attract.class" : "attract.headline"
    readonly property bool wide: width > height
    readonly property bool below: readerSide === "below"
    readonly property bool mirrored: readerSide === "left"
    readonly property real discRadius: wide ? Math.min(250, height * 0.33) : 270
    readonly property real centerX: below ? (wide ? width - 520 : width / 2) : mirrored ? (wide ? 190 : 100) : width - (wide ? 190 : 100)
    readonly property real centerY: below ? height - 120 : wide ? Math.max(height / 2 + 40, height - 330) : height - 274
    readonly property bool low: height < 760
    readonly property bool brief: wide && (low || waiting.visible) || Theme.lowReach && height < 1250 // banners took the room, or a notice
    readonly property real leftEdge: Theme.margin + (wide && mirrored ? width - 2 * Theme.margin - 930 : 0)

    // Numbers and no item: a parameter of a type of ours is null in every window of a process but the first.
    function reach(x: real, y: real, w: real, h: real): real {
        return distance(x + leading.x, y + leading.y, w, h)
    }

    function distance(x: real, y: real, w: real, h: real): real {
        const dx = Math.max(x - centerX, 0, centerX - x - w)
        const dy = Math.max(y - centerY, 0, centerY - y - h)
        return Math.sqrt(dx * dx + dy * dy)
    }

    Wave {
        id: wave
        anchors.fill: parent
        side: screen.readerSide
        idle: !screen.reads
        phrase: screen.words.phrase(screen.reads ? "attract.reader" : "attract.reader.off")
        where: screen.words.phrase("attract.reader." + screen.readerSide)
        centerX: screen.centerX
        centerY: screen.centerY
        discRadius: screen.discRadius
        pulse: journey.pulse
        readonly property real chord: Math.max(0.72 * screen.discRadius, Math.sqrt(Math.max(0, screen.discRadius ** 2 - 130 ** 2))) // half of it, where the words of the disc begin
        readonly property real onGlass: Math.min(chord, 156) // of the half that reaches over the edge
        farRadius: Math.max(screen.discRadius + 60, Math.min(790, screen.reach(headline.x, headline.y, headline.contentWidth, headline.height) - 20, screen.reach(hint.x, hint.y, hint.contentWidth, hint.height) - 20, screen.wide && screen.mirrored ? screen.distance(0, -Theme.barHeight, 640, Theme.barHeight - 16) : 790))
        words: screen.below
            ? Qt.rect(screen.centerX - 190, screen.centerY - screen.discRadius + (screen.wide ? 44 : 30), 380, screen.discRadius + 60)
            : screen.wide
            ? Qt.rect(screen.centerX - (screen.mirrored ? onGlass : chord), screen.centerY - 210, chord + onGlass, 420)
            : Qt.rect(screen.mirrored ? 34 : screen.width - 34 - 284, screen.centerY - 210, 284, 420)
    }

    CardJourney {
        id: journey

        readonly property point disc: screen.below ? Qt.point(452, 790) : screen.wide ? Qt.point(960, 540) : Qt.point(930, 674)
        readonly property real room: screen.centerY - 30 - (screen.wide ? 0 : screen.below ? doors.y + doors.height : leading.y + leading.height)
        readonly property real side: screen.wide ? (screen.mirrored ? screen.leftEdge - 40 - screen.centerX : screen.centerX - (screen.below ? screen.width - 880 : 996)) : 1000
        readonly property real fit: Math.min(1, room / disc.y, side / disc.x)
        readonly property real least: screen.wide && !Theme.largeType && !Theme.zhuyin ? 0.5 : 0.7 // smaller it would lie on the words of the disc
        readonly property real lowest: screen.centerY - 225 * fit // the card's edge, above what stands beside the disc

        x: screen.centerX - disc.x
        y: screen.centerY - disc.y
        width: disc.x
        height: disc.y
        visible: screen.reads && fit > least && (screen.wide || (screen.below ? !waiting.visible && !Theme.lowReach : lowest < (waiting.visible ? waiting.y : doors.y)))
        transform: [
            Scale {
                origin.x: journey.disc.x
                origin.y: journey.disc.y
                xScale: journey.fit * (screen.mirrored ? -1 : 1)
                yScale: journey.fit
            }
        ]
        arrow: !screen.below && fit > 0.9
        flat: screen.wide
    }

    Item {
        id: leading
        x: screen.leftEdge
        y: 24
        width: screen.wide ? 930 : screen.width - 2 * Theme.margin
        height: hint.visible ? hint.y + hint.height : headline.y + headline.height

        PlainText {
            id: clock
            visible: !screen.brief
            y: screen.wide ? -18 : -6
            said: screen.kiosk.place.clock
            font.pixelSize: screen.wide ? 124 : Theme.clock
            font.weight: Font.Bold
            lineHeight: 1
        }
        PlainText {
            id: day
            visible: !screen.brief
            x: 4
            anchors.top: clock.bottom
            anchors.topMargin: -8
            said: screen.kiosk.place.day.main
            font.pixelSize: screen.wide ? 38 : Math.min(Theme.body + 4, 42)
        }
        BookCard {
            id: hours
            visible: !screen.brief
            anchors.right: parent.right
            width: Theme.largeType ? 460 : 470
            tone: screen.classHere || screen.checking ? Theme.magpie : screen.kiosk.place.open_now ? Theme.banyan : Theme.tea
            inset: 20
            implicitHeight: 2 * inset + (hoursNote.visible ? hoursNote.y + hoursNote.height : span.visible ? span.y + span.height : door.height)
            Icon {
                id: door
                name: screen.classHere ? "people" : screen.checking ? "card" : "door"
                size: 48
                color: hours.tone
            }
            PlainText {
                id: hoursTitle
                anchors.left: door.right
                anchors.leftMargin: 16
                anchors.right: parent.right
                anchors.verticalCenter: door.verticalCenter
                said: screen.classHere ? screen.words.say("attract.class.title") : screen.checking ? screen.words.say("banner.check") : screen.kiosk.place.hours_title.main
                font.pixelSize: Theme.zhuyin ? 38 : Theme.largeType ? 46 : Theme.strong
                font.weight: Font.Bold
                color: hours.tone
                lineHeight: 1.1
            }
            PlainText {
                id: span
                y: 58
                visible: text !== ""
                said: screen.checking ? "" : screen.classHere ? screen.kiosk.attract.pupils.main : screen.kiosk.place.hours_span
                font.pixelSize: Theme.largeType ? 50 : 44
                font.weight: Font.Bold
                lineHeight: 1.1
            }
            PlainText {
                id: hoursNote
                y: !span.visible ? 64 : Theme.zhuyin ? span.y + span.height : 112
                visible: !Theme.largeType && said !== ""
                width: parent.width
                said: screen.checking ? screen.words.say("banner.check.do") : screen.classHere ? screen.kiosk.attract.items.main : span.visible ? screen.kiosk.place.hours_note.second : screen.kiosk.place.hours_note.main
                font.pixelSize: Theme.zhuyin ? Theme.leastRead : 28
                color: Theme.ink2
            }
        }
        PlainText {
            id: headline
            readonly property bool terse: screen.wide && screen.low && waiting.visible
            anchors.top: screen.brief ? parent.top : day.bottom
            anchors.topMargin: screen.brief ? 8 : screen.wide ? 36 : 56
            width: parent.width
            said: screen.words.say(terse ? screen.invitation + ".one_line" : screen.invitation)
            font.pixelSize: terse ? Theme.title + 4 : Theme.zhuyin ? 92 : Theme.display
            font.weight: Font.Bold
            lineHeight: 0.98
        }
        PlainText {
            id: hint
            anchors.top: headline.bottom
            anchors.topMargin: 10
            visible: Theme.paired && !headline.terse && !(doors.full && screen.below)
            said: screen.words.phrase(screen.invitation + ".one_line").second
            font.pixelSize: 44
            font.weight: Font.Bold
            color: Theme.ink2
        }
    }

    NoticeCard {
        id: waiting
        visible: screen.kiosk.attract.waiting > 0
        x: doors.x
        y: screen.below && !screen.wide ? doors.y + doors.height + 24 : doors.y - height - 24
        width: doors.width
        icon: "borrow"
        title: screen.kiosk.attract.waiting_notice
        note: Theme.largeType && (screen.wide ? Theme.zhuyin && !screen.reads : screen.reads) ? ({ main: "", second: "" }) : screen.words.phrase(screen.reads ? "attract.waiting.do" : "attract.waiting.no_reader")
    }

    Grid {
        id: doors
        readonly property bool lying: screen.wide || screen.below
        readonly property bool full: waiting.visible && !screen.wide // the notice needs the room
        readonly property int doorHeight: full ? 112 : screen.brief ? 120 : 148
        x: lying ? screen.leftEdge : screen.mirrored ? screen.width - Theme.margin - width : Theme.margin
        y: screen.below && !screen.wide ? Math.max(leading.y + leading.height + 40, Theme.reachTop) : screen.height - height - 40
        width: lying ? (screen.wide ? 900 : screen.width - 2 * Theme.margin) : Theme.largeType ? 520 : 500
        columns: lying ? 2 : 1
        spacing: Theme.gutter
        TallyCard {
            visible: screen.checking
            width: doors.lying ? (doors.width - Theme.gutter) / 2 : doors.width
            shown: screen.kiosk.check.good
            icon: "check"
            tone: Theme.banyan
            tint: Theme.banyanTint
            title: screen.words.phrase("check.good")
            note: ({ main: title.second, second: "" })
        }
        TallyCard {
            visible: screen.checking
            width: doors.lying ? (doors.width - Theme.gutter) / 2 : doors.width
            shown: screen.kiosk.check.other
            icon: "alert"
            tone: Theme.beak
            tint: Theme.beakTint
            title: screen.words.phrase("check.other")
            note: ({ main: title.second, second: "" })
        }
        ActionBook {
            visible: !screen.checking
            width: doors.lying ? (doors.width - Theme.gutter) / 2 : doors.width
            height: doors.doorHeight
            phrase: screen.words.phrase("action.return")
            note: doors.full ? ({ main: "", second: "" }) : screen.words.phrase("action.return.note")
            sign: "return"
            tone: Theme.banyan
            onClicked: screen.kiosk.take_back()
        }
        ActionBook {
            visible: !screen.checking
            width: doors.lying ? (doors.width - Theme.gutter) / 2 : doors.width
            height: doors.doorHeight
            phrase: screen.words.phrase("action.loss")
            note: doors.full ? ({ main: "", second: "" }) : screen.words.phrase("action.loss.note")
            sign: "lost"
            tone: Theme.azalea
            onClicked: screen.kiosk.report_loss()
        }
    }
}

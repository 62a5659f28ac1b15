pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// How many are on loan, and the shelf that shows it.
BookCard {
    id: loans

    required property Words words
    required property HomeViewModel home
    property bool plain: false // no room for the drawing
    property bool narrow: false

    Icon {
        id: loansIcon
        visible: !(Theme.largeType && loans.narrow)
        name: "loans"
        size: 60
        color: Theme.magpie
        y: 4
    }
    PlainText {
        id: onLoan
        anchors.left: loansIcon.visible ? loansIcon.right : parent.left
        anchors.leftMargin: loansIcon.visible ? 20 : 0
        anchors.baseline: figures.baseline
        text: loans.words.phrase("home.on_loan").main
        font.pixelSize: loansIcon.visible ? Theme.heading : 50
        font.weight: Font.Bold
        wrapMode: Text.NoWrap
    }
    PlainText {
        anchors.left: onLoan.right
        anchors.leftMargin: 14
        anchors.baseline: figures.baseline
        visible: !Theme.largeType && x + implicitWidth + 16 < figures.x
        text: loans.words.phrase("home.on_loan").second
        font.pixelSize: 28
        color: Theme.ink2
        wrapMode: Text.NoWrap
    }
    Row {
        id: figures
        anchors.right: parent.right
        y: -14
        baselineOffset: figure.baselineOffset
        spacing: 18
        PlainText {
            id: figure
            text: loans.home.on_loan
            font.pixelSize: Theme.figure
            font.weight: Font.Bold
            lineHeight: 1.1
        }
        PlainText {
            anchors.baseline: figure.baseline
            text: loans.home.of_limit.main
            font.pixelSize: Theme.largeType ? 42 : 38
            wrapMode: Text.NoWrap
        }
    }
    Item {
        id: shelf
        visible: !Theme.largeType && !loans.plain
        y: 88
        width: parent.width
        height: visible ? 58 : 0
        readonly property int places: Math.min(60, Math.max(loans.home.limit, loans.home.on_loan, 1))
        readonly property real step: width / places
        Repeater {
            model: shelf.places
            delegate: Rectangle {
                required property int index
                readonly property bool book: index < loans.home.on_loan
                x: index * shelf.step + 1
                width: shelf.step - 2
                height: book ? [36, 46, 40, 44][index % 4] : 10
                y: 48 - height
                radius: 3
                color: book ? Theme.magpie : Theme.edge
            }
        }
        Rectangle {
            y: 52
            width: parent.width
            height: 6
            radius: 3
            color: Theme.edge
        }
    }
}

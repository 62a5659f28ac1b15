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
    property bool tall: false // the card has the height for itself: a larger shelf, the limit on a line of its own

    readonly property bool stacked: tall || onLoan.x + onLoan.implicitWidth + 24 + figure.implicitWidth + 18 + limit.implicitWidth > width - 92

    inset: tall ? 44 : plain && narrow && stacked ? 16 : 24

    Icon {
        id: loansIcon
        visible: !((Theme.largeType || loans.plain) && loans.narrow)
        name: "loans"
        size: 60
        color: Theme.magpie
        y: 4
    }
    PlainText {
        id: onLoan
        x: loansIcon.visible ? loansIcon.width + 20 : 0
        y: loans.stacked ? loansIcon.y + (loansIcon.height - height) / 2 : figures.y + figure.baselineOffset - baselineOffset
        said: loans.words.phrase("home.on_loan").main
        font.pixelSize: loansIcon.visible || !Theme.largeType ? Theme.heading : 50
        font.weight: Font.Bold
        wrapMode: Text.NoWrap
    }
    PlainText {
        anchors.left: onLoan.right
        anchors.leftMargin: 14
        anchors.baseline: onLoan.baseline
        visible: Theme.paired && (loans.stacked || x + implicitWidth + 16 < figures.x)
        said: loans.words.phrase("home.on_loan").second
        font.pixelSize: 28
        color: Theme.ink2
        wrapMode: Text.NoWrap
    }
    Row {
        id: figures
        x: loans.stacked ? 0 : parent.width - width
        y: loans.stacked ? 72 : -14
        baselineOffset: figure.baselineOffset
        spacing: 18
        PlainText {
            id: figure
            said: loans.home.on_loan
            font.pixelSize: Theme.figure
            font.weight: Font.Bold
            lineHeight: 1.1
        }
        PlainText {
            id: limit
            anchors.baseline: figure.baseline
            said: loans.home.of_limit.main
            font.pixelSize: Theme.largeType ? 42 : 38
            wrapMode: Text.NoWrap
        }
    }
    Item {
        id: shelf
        readonly property real scaled: loans.tall ? 3 : 1
        visible: !Theme.largeType && !loans.plain && (loans.tall || !loans.stacked)
        y: !visible ? 0 : loans.tall ? 96 + figures.height : 88 // the card is as high as what is seen
        width: parent.width
        height: visible ? 48 * scaled + 10 : 0
        readonly property int places: Math.min(60, Math.max(loans.home.limit, loans.home.on_loan, 1))
        readonly property real step: width / places
        Repeater {
            model: shelf.places
            delegate: Rectangle {
                required property int index
                readonly property bool book: index < loans.home.on_loan
                x: index * shelf.step + 1
                width: shelf.step - 2
                height: book ? [36, 46, 40, 44][index % 4] * shelf.scaled : 10
                y: 48 * shelf.scaled - height
                radius: 3
                color: book ? Theme.magpie : Theme.edge
            }
        }
        Rectangle {
            y: 48 * shelf.scaled + 4
            width: parent.width
            height: 6
            radius: 3
            color: Theme.edge
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// The main action as the cover of a big book: upright when there is room, lying when other actions stand below it.
Pressable {
    id: borrow

    required property var phrase
    required property var hint
    readonly property bool tall: height > (Theme.largeType ? 640 : 560)

    spoken: phrase.main
    ringLeft: Theme.actionLeft
    ringRight: Theme.actionRight

    background: Item {
        Rectangle {
            anchors.fill: parent
            color: borrow.down ? Theme.magpieDeep : Theme.magpie
            topLeftRadius: Theme.actionLeft
            bottomLeftRadius: Theme.actionLeft
            topRightRadius: Theme.actionRight
            bottomRightRadius: Theme.actionRight
        }
        Rectangle {
            visible: !Theme.highContrast
            width: 32
            height: parent.height
            color: Theme.magpieDeep
            topLeftRadius: Theme.actionLeft
            bottomLeftRadius: Theme.actionLeft
        }
    }
    contentItem: Item {
        id: cover

        readonly property real drawn: borrow.tall ? Math.min(480, height * 0.46) : 190

        implicitHeight: 240
        ScanPicture {
            id: picture
            visible: borrow.tall || !Theme.largeType || borrow.height >= 300
            size: cover.drawn
            x: borrow.tall ? (parent.width - width) / 2 + 16 : parent.width - width - 64
            y: borrow.tall ? (parent.height - height - invitation.height - 44) / 2 : (parent.height - height) / 2
        }
        Column {
            id: invitation

            readonly property int side: borrow.tall ? Text.AlignHCenter : Text.AlignLeft

            x: borrow.tall ? 64 : 84
            width: parent.width - x - (borrow.tall || !picture.visible ? 32 : 340)
            y: borrow.tall ? picture.y + picture.height + 44 : (parent.height - height) / 2
            spacing: 8
            Row {
                x: borrow.tall ? (parent.width - width) / 2 : 0
                spacing: 28
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: "borrow"
                    color: Theme.onFill
                    size: 92
                }
                PlainText {
                    id: borrowWord
                    anchors.verticalCenter: parent.verticalCenter
                    said: borrow.phrase.main
                    font.pixelSize: Theme.action
                    font.weight: Font.Bold
                    color: Theme.onFill
                    lineHeight: 1
                    wrapMode: Text.NoWrap
                }
                PlainText {
                    visible: Theme.paired
                    anchors.baseline: borrowWord.baseline
                    said: borrow.phrase.second
                    font.pixelSize: 46
                    font.weight: Font.Bold
                    color: Theme.onFill
                    wrapMode: Text.NoWrap
                }
            }
            PlainText {
                width: parent.width
                visible: text !== ""
                said: borrow.hint.main
                font.pixelSize: Theme.strong - 2
                font.weight: Font.Bold
                color: Theme.onFill
                horizontalAlignment: invitation.side
            }
            PlainText {
                visible: text !== "" && Theme.paired
                width: parent.width
                said: borrow.hint.second
                font.pixelSize: Theme.caption
                color: Theme.onFill
                horizontalAlignment: invitation.side
            }
        }
    }
}

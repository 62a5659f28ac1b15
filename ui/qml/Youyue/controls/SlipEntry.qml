pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// One line of the slip: borrowed, refused with every reason and one instruction, or put back.
Item {
    id: entry

    required property var line // of the view model's lines
    required property bool latest
    required property Words words
    property bool still: false // on the goodbye slip nothing can be pressed

    readonly property string state_: line.state
    readonly property string title: line.title
    readonly property var status: line.status
    readonly property var due: line.due
    readonly property var reasons: line.reasons
    readonly property var instruction: line.instruction
    readonly property bool putBack: line.can_put_back
    readonly property bool refused: state_ === "refused"
    readonly property bool borrowed: state_ === "borrowed"
    readonly property color tone: refused ? Theme.beak : borrowed ? Theme.banyan : Theme.tea

    signal returned
    signal focused

    implicitHeight: Math.max(story.y + story.implicitHeight, button.visible ? button.height + 2 * story.y : 0) + 22

    Rectangle {
        visible: entry.refused
        anchors.fill: parent
        anchors.bottomMargin: 2
        color: Theme.beakTint
        Rectangle {
            width: 16
            height: parent.height
            color: Theme.beak
        }
    }
    Rectangle {
        id: sign
        x: 40
        y: 30
        width: 72
        height: 72
        radius: entry.refused ? 14 : 36
        color: entry.tone
        Icon {
            anchors.centerIn: parent
            name: entry.refused ? "cross" : entry.borrowed ? "check" : "undo"
            color: Theme.onFill
            size: 42
        }
    }
    Column {
        id: story
        anchors.left: sign.right
        anchors.leftMargin: 26
        anchors.right: button.visible ? button.left : tag.visible ? tag.left : parent.right
        anchors.rightMargin: 24
        y: 22
        spacing: 4

        PlainText {
            width: parent.width
            outside: true
            maximumLineCount: 2
            said: entry.title
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
            lineHeight: 1.15
        }
        Flow {
            width: parent.width
            spacing: 20
            PlainText {
                said: entry.status.main
                font.weight: Font.Bold
                color: entry.tone
            }
            PlainText {
                visible: text !== ""
                width: Math.min(implicitWidth, parent?.width ?? implicitWidth)
                said: entry.due.main
                font.weight: Font.Bold
            }
            PlainText {
                visible: Theme.paired && !entry.borrowed
                height: 42
                verticalAlignment: Text.AlignVCenter
                said: entry.status.second
                font.pixelSize: 28
                color: entry.tone
            }
        }
        PlainText {
            width: parent.width
            visible: text !== "" && Theme.paired
            said: entry.due.second
            font.pixelSize: 28
            color: Theme.ink2
        }
        Repeater {
            model: entry.reasons
            delegate: Row {
                id: reason

                required property var modelData
                required property int index

                topPadding: index === 0 ? 10 : 2
                spacing: 20
                PlainText {
                    id: numbered
                    visible: entry.reasons.length > 1
                    said: (reason.index + 1) + "."
                    font.weight: Font.Bold
                }
                PlainText {
                    width: story.width + (tag.visible ? tag.width + 24 : 0) - (numbered.visible ? numbered.width + 20 : 0)
                    said: reason.modelData.main
                }
            }
        }
        Item {
            visible: entry.instruction.main !== ""
            width: 1
            height: 8
        }
        Rectangle {
            visible: entry.instruction.main !== ""
            width: parent.width + (tag.visible ? tag.width + 24 : 0)
            height: advice.implicitHeight + 32
            color: Theme.page
            border.width: Theme.lineWidth
            border.color: Theme.beak
            topLeftRadius: 8
            bottomLeftRadius: 8
            topRightRadius: 28
            bottomRightRadius: 28
            Icon {
                id: hand
                x: 28
                anchors.verticalCenter: parent.verticalCenter
                name: "hand"
                size: 52
            }
            BilingualText {
                id: advice
                anchors.left: hand.right
                anchors.leftMargin: 22
                anchors.right: parent.right
                anchors.rightMargin: 24
                anchors.verticalCenter: parent.verticalCenter
                phrase: entry.instruction
                size: Theme.body
                secondSize: 28
            }
        }
    }
    StatusTag {
        id: tag
        visible: entry.latest && entry.refused && !entry.still
        anchors.right: parent.right
        anchors.rightMargin: 28
        y: 28
        word: entry.words.say("borrow.new")
    }
    BookButton {
        id: button
        visible: entry.putBack && !entry.still
        anchors.right: parent.right
        anchors.rightMargin: 24
        y: 20
        bound: false
        sign: "undo"
        size: Theme.body + 2
        phrase: entry.words.phrase("borrow.put_back")
        spoken: phrase.main + " " + entry.title
        onClicked: entry.returned()
        onActiveFocusChanged: {
            if (activeFocus)
                entry.focused()
        }
    }
    Image {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.leftMargin: 28
        width: Math.floor((parent.width - 56) / 10) * 10
        height: 4
        sourceSize.width: 10
        sourceSize.height: 4
        fillMode: Image.TileHorizontally
        source: "image://icon/dot/" + Theme.edge.toString().slice(1) + "/4"
        Accessible.ignored: true
    }
}

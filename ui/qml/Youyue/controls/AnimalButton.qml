pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One animal to choose: its picture and its name; the chosen one has a tick.
Pressable {
    id: button

    required property var animal
    property bool lying: false // the picture beside the name

    spoken: animal.name.main
    leftPadding: 20
    rightPadding: 20
    topPadding: 16
    bottomPadding: 16
    Accessible.checkable: true
    Accessible.checked: animal.chosen

    background: Rectangle {
        color: button.animal.chosen ? Theme.azaleaTint : button.down ? Theme.sand : Theme.page
        border.width: button.animal.chosen ? 7 : Theme.edgeWidth
        border.color: button.animal.chosen ? Theme.azalea : Theme.edge
        topLeftRadius: Theme.bookLeft
        bottomLeftRadius: Theme.bookLeft
        topRightRadius: Theme.bookRight
        bottomRightRadius: Theme.bookRight
    }
    contentItem: Item {
        id: content
        readonly property real room: height - words.implicitHeight - 8
        readonly property real beside: Math.min(height, 112)
        implicitWidth: 200
        implicitHeight: 96
        AnimalBadge {
            id: badge
            animal: button.animal.picture
            size: button.lying ? content.beside : Math.max(80, Math.min(parent.width - 40, content.room))
            x: button.lying ? 0 : (parent.width - width) / 2
            y: button.lying ? (parent.height - height) / 2 : (parent.height - height - 8 - words.implicitHeight) / 2
        }
        Rectangle {
            visible: button.animal.chosen
            x: badge.x + badge.width - width + 8
            y: badge.y + badge.height - height
            width: 52
            height: 52
            radius: 26
            color: Theme.azalea
            Icon {
                anchors.centerIn: parent
                name: "check"
                size: 36
                color: Theme.onFill
            }
        }
        BilingualText {
            id: words
            x: button.lying ? content.beside + 16 : 0
            y: button.lying ? (parent.height - height) / 2 : badge.y + badge.height + 8
            width: parent.width - x
            phrase: button.animal.name
            size: Theme.strong
            secondSize: 28
            alignment: button.lying ? Text.AlignLeft : Text.AlignHCenter
        }
    }
}

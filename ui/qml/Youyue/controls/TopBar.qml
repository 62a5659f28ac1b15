pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// Where one is, and the way out.
Item {
    id: bar

    required property KioskViewModel kiosk

    implicitHeight: Theme.barHeight

    Mark {
        id: mark
        x: Theme.margin + 6
        anchors.verticalCenter: parent.verticalCenter
    }
    Column {
        anchors.left: mark.right
        anchors.leftMargin: 14
        anchors.right: corner.item !== null ? corner.left : parent.right
        anchors.rightMargin: Theme.gutter
        anchors.verticalCenter: parent.verticalCenter
        PlainText {
            width: parent.width
            visible: !Theme.largeType
            said: bar.kiosk.comfort.words.say("library.name")
            font.pixelSize: Theme.zhuyin ? Theme.leastRead : 32
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
        }
        PlainText {
            width: parent.width
            visible: text !== ""
            outside: true
            said: bar.kiosk.place.branch.main
            font.pixelSize: Theme.largeType ? Theme.caption : Theme.zhuyin ? Theme.leastRead : 32
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
        }
    }
    Corner {
        id: corner
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        kiosk: bar.kiosk
        active: !Theme.lowReach
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// What is possible although borrowing is not.
ColumnLayout {
    id: still

    required property Words words

    spacing: 16
    RowLayout {
        spacing: 16
        Icon {
            name: "check"
            color: Theme.banyan
            size: 44
        }
        PlainText {
            text: still.words.phrase("home.can_still").main
            font.pixelSize: Theme.strong - 2
            font.weight: Font.Bold
        }
        PlainText {
            Layout.fillWidth: true
            text: still.words.phrase("home.can_still").second
            font.pixelSize: Theme.caption
            color: Theme.ink2
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gutter
        uniformCellSizes: true
        Repeater {
            model: [["book", "home.can_still.read"], ["people", "home.can_still.ask"]]
            delegate: Rectangle {
                id: chip

                required property var modelData

                Layout.fillWidth: true
                implicitHeight: 124
                color: Theme.banyanTint
                border.width: Theme.highContrast ? Theme.lineWidth : 0
                border.color: Theme.banyan
                topLeftRadius: Theme.bookLeft
                bottomLeftRadius: Theme.bookLeft
                topRightRadius: Theme.toolRight
                bottomRightRadius: Theme.toolRight
                Icon {
                    id: chipIcon
                    x: 28
                    anchors.verticalCenter: parent.verticalCenter
                    name: chip.modelData[0]
                    color: Theme.banyan
                    size: 56
                }
                BilingualText {
                    anchors.left: chipIcon.right
                    anchors.leftMargin: 20
                    anchors.right: parent.right
                    anchors.rightMargin: 16
                    anchors.verticalCenter: parent.verticalCenter
                    phrase: still.words.phrase(chip.modelData[1])
                    size: Theme.strong - 4
                    secondSize: 28
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// Up and down by a page, for a list that is longer than its place: two large buttons, for hands that can't drag.
RowLayout {
    id: keys

    required property Flickable view
    required property Words words
    required property real room // the height the list has while these keys are not there

    readonly property real most: Math.max(0, view.contentHeight - view.height)
    readonly property real step: Math.max(120, view.height - 140)

    visible: view.contentHeight > room + 1
    spacing: Theme.gap
    uniformCellSizes: true

    function turn(way: int) {
        view.contentY = Math.max(0, Math.min(most, view.contentY + way * step))
    }

    Repeater {
        model: [["action.up", -90, -1], ["action.down", 90, 1]]
        delegate: Pressable {
            id: key

            required property var modelData
            readonly property bool useful: modelData[2] < 0 ? keys.view.contentY > 1 : keys.view.contentY < keys.most - 1

            Layout.fillWidth: true
            spoken: keys.words.say(modelData[0])
            enabled: useful
            ringLeft: Theme.toolLeft
            ringRight: Theme.toolRight
            onClicked: keys.turn(modelData[2])

            background: Rectangle {
                color: !key.useful || key.down ? Theme.sand : Theme.page
                border.width: key.useful ? Theme.edgeWidth : Theme.lineWidth
                border.color: key.useful ? Theme.edge : Theme.line
                topLeftRadius: Theme.toolLeft
                bottomLeftRadius: Theme.toolLeft
                topRightRadius: Theme.toolRight
                bottomRightRadius: Theme.toolRight
            }
            contentItem: Item {
                implicitWidth: row.implicitWidth
                implicitHeight: row.implicitHeight
                Row {
                    id: row
                    anchors.centerIn: parent
                    spacing: 16
                    Icon {
                        anchors.verticalCenter: parent.verticalCenter
                        name: "arrow"
                        rotation: key.modelData[1]
                        size: 48
                        color: key.useful ? Theme.ink : Theme.ink2
                    }
                    PlainText {
                        anchors.verticalCenter: parent.verticalCenter
                        said: key.spoken
                        font.weight: Font.Bold
                        color: key.useful ? Theme.ink : Theme.ink2
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What is being typed, one cell a character: dots but for the last ones, in the groups that belong together.
Row {
    id: cells

    required property var values // of the view model: "●" is a hidden one, "" an empty one
    required property var groups // how many cells stand together
    property var names: [] // of the groups
    property real room: 900

    readonly property real wide: Math.min(96, (room - 24 * (groups.length - 1) - 8 * (values.length - groups.length)) / Math.max(1, values.length))

    spacing: 24

    Repeater {
        model: cells.groups
        delegate: Column {
            id: group

            required property int modelData
            required property int index
            readonly property int begins: cells.groups.slice(0, index).reduce((sum, count) => sum + count, 0)

            spacing: 6
            Row {
                spacing: 8
                Repeater {
                    model: cells.values.slice(group.begins, group.begins + group.modelData)
                    delegate: Rectangle {
                        id: cell

                        required property string modelData
                        required property int index

                        width: cells.wide
                        height: 100
                        radius: 12
                        color: Theme.page
                        border.width: Theme.lineWidth
                        border.color: modelData !== "" ? Theme.azalea : Theme.edge
                        Rectangle {
                            visible: cell.modelData === "●"
                            anchors.centerIn: parent
                            width: 26
                            height: 26
                            radius: 13
                            color: Theme.ink
                        }
                        PlainText {
                            visible: text !== ""
                            anchors.centerIn: parent
                            said: cell.modelData === "●" ? "" : cell.modelData
                            font.pixelSize: 56
                            font.weight: Font.Bold
                            lineHeight: 1
                            wrapMode: Text.NoWrap
                        }
                    }
                }
            }
            PlainText {
                visible: text !== ""
                anchors.horizontalCenter: parent.horizontalCenter
                said: cells.names[group.index] ?? ""
                font.pixelSize: Theme.caption
                color: Theme.ink2
                wrapMode: Text.NoWrap
            }
        }
    }
}

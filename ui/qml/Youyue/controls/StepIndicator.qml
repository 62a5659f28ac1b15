pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue

// Three steps: what is done, what is now, what comes.
RowLayout {
    id: steps

    required property var phrases
    property int current: 1

    spacing: 16
    Repeater {
        model: steps.phrases
        delegate: RowLayout {
            id: step

            required property var modelData
            required property int index
            readonly property bool done: index < steps.current
            readonly property bool now: index === steps.current

            Layout.fillWidth: index > 0
            spacing: 16
            Rectangle {
                visible: step.index > 0
                Layout.fillWidth: true
                Layout.minimumWidth: 24
                implicitHeight: 6
                radius: 3
                color: step.done || step.now ? Theme.banyan : Theme.line
            }
            Rectangle {
                implicitWidth: 64
                implicitHeight: 64
                radius: 32
                color: step.done ? Theme.banyan : step.now ? Theme.magpie : Theme.page
                border.width: step.done || step.now ? 0 : Theme.edgeWidth
                border.color: Theme.edge
                Icon {
                    visible: step.done
                    anchors.centerIn: parent
                    name: "check"
                    color: Theme.onFill
                    size: 38
                }
                PlainText {
                    visible: !step.done
                    anchors.centerIn: parent
                    said: step.index + 1
                    font.pixelSize: 34
                    font.weight: Font.Bold
                    lineHeight: 1
                    color: step.now ? Theme.onFill : Theme.ink
                }
            }
            BilingualText {
                phrase: step.modelData
                size: Theme.zhuyin ? Theme.leastRead : Math.min(Theme.body, 34)
                secondSize: 28
                weight: step.now ? Font.Bold : Font.Medium
            }
        }
    }
}

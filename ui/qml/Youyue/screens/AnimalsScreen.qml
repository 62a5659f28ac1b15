pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// Which animal are you? One touch, and it stands on the patron's own screen from then on.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760 // banners took the room

    ColumnLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        spacing: screen.tight ? 16 : 28

        Item {
            visible: Theme.lowReach
            Layout.fillHeight: true
        }
        GridLayout {
            Layout.fillWidth: true
            columns: screen.wide ? 2 : 1
            columnSpacing: 40
            rowSpacing: 8
            BilingualText {
                Layout.fillWidth: !screen.wide
                phrase: screen.words.phrase("animals.title")
                size: screen.tight ? Theme.heading : Theme.title
                secondSize: 40
            }
            BilingualText {
                visible: !screen.tight
                Layout.fillWidth: true
                phrase: screen.words.phrase("animals.note")
                size: Theme.strong
                secondSize: 28
            }
        }
        GridLayout {
            id: animals
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: Theme.lowReach ? screen.height - Theme.reachTop - 168 : Number.POSITIVE_INFINITY
            columns: screen.wide ? 4 : 2
            columnSpacing: Theme.gutter
            rowSpacing: Theme.gutter
            uniformCellWidths: true
            uniformCellHeights: true
            Repeater {
                model: screen.kiosk.animals.animals
                delegate: AnimalButton {
                    required property var modelData
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    animal: modelData
                    lying: Theme.lowReach || screen.wide && animals.height < 560
                    onClicked: screen.kiosk.animals.choose(modelData.picture)
                }
            }
        }
        BookButton {
            Layout.fillWidth: true
            bound: false
            sign: "back"
            phrase: screen.words.phrase("action.back")
            onClicked: screen.kiosk.back()
        }
    }
}

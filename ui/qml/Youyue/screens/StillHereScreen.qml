pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// The countdown: an opaque page of its own. Nothing of the account is behind it.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property bool wide: width > height
    readonly property real dial: wide ? Math.min(520, height - 260) : Math.min(540, height - 1100)

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: 8
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 40
        rowSpacing: 24

        Item {
            id: face
            Layout.preferredWidth: screen.wide ? 860 : -1
            Layout.fillWidth: !screen.wide
            Layout.fillHeight: true

            Repeater {
                model: [[400, Theme.sand], [362, Theme.paper], [332, Theme.sand], [270, Theme.page]]
                delegate: Disc {
                    required property var modelData
                    x: face.width / 2
                    y: face.height / 2
                    reach: screen.dial * modelData[0] / 540
                    tone: modelData[1]
                }
            }
            Ring {
                anchors.centerIn: parent
                width: screen.dial - 6
                height: width
                thickness: screen.dial * 0.072
                fraction: screen.kiosk.time_left.fraction
            }
            Column {
                anchors.centerIn: parent
                Accessible.role: Accessible.StaticText
                Accessible.name: screen.kiosk.time_left.told.main
                PlainText {
                    anchors.horizontalCenter: parent.horizontalCenter
                    said: screen.kiosk.time_left.seconds
                    font.pixelSize: Math.round(screen.dial * 0.4)
                    font.weight: Font.Bold
                    lineHeight: 1
                }
                PlainText {
                    anchors.horizontalCenter: parent.horizontalCenter
                    said: Theme.largeType ? screen.kiosk.time_left.unit.main : screen.kiosk.time_left.unit.main + " " + screen.kiosk.time_left.unit.second
                    font.pixelSize: Theme.strong
                    lineHeight: 1.1
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: 28
            BilingualText {
                Layout.fillWidth: true
                phrase: screen.words.phrase("still_here.title")
                size: Theme.display
                secondSize: 40
                alignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            BilingualText {
                Layout.fillWidth: true
                phrase: screen.words.phrase("still_here.note")
                size: Theme.strong - 2
                weight: Font.Medium
                alignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            MainButton {
                Layout.fillWidth: true
                Layout.topMargin: 16
                implicitHeight: 216
                size: Theme.action - 4
                sign: "hand"
                phrase: screen.words.phrase("still_here.yes")
                onClicked: screen.kiosk.still_here()
            }
            BookButton {
                Layout.fillWidth: true
                implicitHeight: 136
                bound: false
                sign: "exit"
                phrase: screen.words.phrase("still_here.log_out")
                onClicked: screen.kiosk.finish()
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Youyue
import Youyue.ViewModels

// The card is stopped: what that means, who knows, what comes next. It goes by itself.
Item {
    id: screen

    required property KioskViewModel kiosk

    readonly property Words words: kiosk.comfort.words
    readonly property LossViewModel loss: kiosk.loss
    readonly property bool wide: width > height
    readonly property bool tight: wide && height < 760

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: screen.wide ? 96 : Theme.margin
        anchors.rightMargin: screen.wide ? 96 : Theme.margin
        anchors.topMargin: 16
        anchors.bottomMargin: 28
        columns: screen.wide ? 2 : 1
        columnSpacing: 72
        rowSpacing: 48

        Item {
            visible: !screen.wide
            Layout.fillHeight: true
        }
        IconDisc {
            visible: !(Theme.largeType && screen.wide)
            Layout.alignment: Qt.AlignCenter
            name: "check"
            ink: Theme.banyan
            color: Theme.banyanTint
            size: screen.wide ? 360 : 300
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: screen.tight ? 20 : 36
            BilingualText {
                Layout.fillWidth: true
                phrase: screen.loss.title
                size: screen.wide ? Theme.title : Theme.display - 20
                secondSize: 40
                alignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter
            }
            BookCard {
                Layout.fillWidth: true
                tone: Theme.banyan
                inset: screen.tight ? 20 : 32
                Column {
                    width: parent.width
                    spacing: screen.tight ? 14 : 28
                    Repeater {
                        model: [screen.loss.what, screen.loss.told, screen.loss.after]
                        delegate: Row {
                            id: fact

                            required property var modelData
                            required property int index

                            width: parent?.width ?? 0
                            spacing: 24
                            Icon {
                                id: pointer
                                anchors.verticalCenter: parent.verticalCenter
                                name: ["nocard", "wave", "info"][fact.index]
                                color: Theme.banyan
                                size: 60
                            }
                            BilingualText {
                                width: parent.width - pointer.width - 24
                                anchors.verticalCenter: parent.verticalCenter
                                phrase: screen.tight ? ({ main: fact.modelData.main, second: "" }) : fact.modelData
                                size: fact.index === 0 ? Theme.strong : Theme.body + 2
                                secondSize: 28
                                weight: fact.index === 0 ? Font.Bold : Font.Medium
                            }
                        }
                    }
                }
            }
            Loader {
                active: screen.wide
                visible: active
                Layout.fillWidth: true
                sourceComponent: end
            }
        }
        Item {
            visible: !screen.wide
            Layout.fillHeight: true
            Layout.preferredHeight: 2
        }
        Loader {
            active: !screen.wide
            visible: active
            Layout.fillWidth: true
            sourceComponent: end
        }
    }
    Component {
        id: end
        MainButton {
            implicitHeight: screen.tight ? 128 : 176
            phrase: screen.words.phrase("loss.understood")
            onClicked: screen.kiosk.back()
            lead: TimeRing {
                kiosk: screen.kiosk
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// All languages side by side; the one in use is filled.
Row {
    id: languages

    required property ComfortViewModel comfort

    spacing: 16
    Repeater {
        model: languages.comfort.languages
        delegate: Pressable {
            id: choice

            required property var modelData
            readonly property bool on: languages.comfort.language === modelData.code

            spoken: modelData.name
            ringLeft: Theme.toolLeft
            ringRight: Theme.toolRight
            leftPadding: 24
            rightPadding: 24
            Accessible.checkable: true
            Accessible.checked: on
            onClicked: languages.comfort.choose_language(modelData.code)

            background: Rectangle {
                color: choice.on ? Theme.ink : choice.down ? Theme.sand : Theme.page
                border.width: Theme.edgeWidth
                border.color: choice.on ? Theme.ink : Theme.edge
                topLeftRadius: Theme.toolLeft
                bottomLeftRadius: Theme.toolLeft
                topRightRadius: Theme.toolRight
                bottomRightRadius: Theme.toolRight
            }
            contentItem: PlainText {
                said: choice.modelData.name
                bare: true
                font.pixelSize: Math.min(Theme.body, 38)
                font.weight: Font.Bold
                color: choice.on ? Theme.page : Theme.ink
                wrapMode: Text.NoWrap
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
            }
        }
    }
}

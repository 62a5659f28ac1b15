pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// One of several cards, or one of several kinds. The chosen one has a tick, an azalea edge and the word.
Pressable {
    id: choice

    required property var phrase
    required property string kind
    property bool chosen: false
    property string tag: ""
    property int least: 132
    property bool plain: false // no room for the drawing, nor for the word beside the name
    property bool narrow: false // nor for names of full size

    readonly property bool beside: !narrow && !plain && !Theme.largeType // the word; else it stands below the name
    readonly property color ink: chosen ? Theme.azalea : Theme.ink2

    spoken: tag !== "" ? phrase.main + " " + tag : phrase.main
    implicitHeight: Math.max(least, words.height + 36)
    leftPadding: narrow ? 24 : 36
    rightPadding: narrow ? 20 : 36
    ringLeft: Theme.cardRadius
    ringRight: Theme.cardRadius
    Accessible.checkable: true
    Accessible.checked: choice.chosen

    background: Rectangle {
        radius: Theme.cardRadius
        color: choice.chosen ? Theme.azaleaTint : !choice.enabled || choice.down ? Theme.sand : Theme.page
        border.width: choice.chosen ? 7 : choice.enabled ? Theme.edgeWidth : Theme.lineWidth
        border.color: choice.chosen ? Theme.azalea : choice.enabled ? Theme.edge : Theme.line
    }
    contentItem: Item {
        implicitWidth: 400
        implicitHeight: Math.max(72, words.height + 24)
        Rectangle {
            id: mark
            anchors.verticalCenter: parent.verticalCenter
            width: 68
            height: 68
            radius: 34
            color: choice.chosen ? Theme.azalea : "transparent"
            border.width: choice.chosen || !choice.enabled ? 0 : Theme.edgeWidth
            border.color: Theme.edge
            Icon {
                visible: choice.chosen || !choice.enabled
                anchors.centerIn: parent
                name: choice.chosen ? "check" : "nocard"
                color: choice.chosen ? Theme.onFill : Theme.ink2
                size: choice.chosen ? 44 : 56
            }
        }
        Icon {
            id: card
            visible: !Theme.largeType && !choice.plain && choice.enabled
            anchors.left: mark.right
            anchors.leftMargin: 28
            anchors.verticalCenter: parent.verticalCenter
            name: choice.kind === "barcode" ? "scan" : "card"
            color: choice.ink
            size: 72
        }
        Item {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            height: name.implicitHeight + (told.visible && !choice.beside ? told.height : 0)
        }
        BilingualText {
            id: name
            anchors.left: card.visible ? card.right : mark.right
            anchors.leftMargin: choice.narrow ? 20 : 28
            anchors.right: told.visible && choice.beside ? told.left : parent.right
            anchors.rightMargin: told.visible && choice.beside ? 20 : 0
            anchors.top: words.top
            phrase: told.visible && !choice.beside ? ({ main: choice.phrase.main, second: "" }) : choice.phrase
            size: choice.narrow ? Math.min(Theme.body + 2, 40) : Theme.strong
            secondSize: 28
        }
        PlainText {
            id: told
            visible: text !== "" && (choice.beside || !choice.chosen)
            x: choice.beside ? parent.width - width : name.x
            y: choice.beside ? (parent.height - height) / 2 : words.y + words.height - height
            said: choice.tag
            font.pixelSize: choice.narrow ? (Theme.zhuyin ? Theme.leastRead : 34) : Theme.body
            font.weight: Font.Bold
            color: choice.chosen ? Theme.azalea : Theme.ink2
            wrapMode: Text.NoWrap
        }
    }
}

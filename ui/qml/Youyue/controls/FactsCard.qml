pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// A heading and what belongs below it, one sign a line.
BookCard {
    id: facts

    required property Words words
    required property string heading
    required property string sign
    required property var lines // [icon, key]
    property bool brief: false // no room for the second language

    inset: brief ? 16 : 24
    Column {
        width: parent.width
        spacing: facts.brief ? 8 : 14
        Row {
            width: parent.width
            spacing: 18
            Icon {
                id: mark
                anchors.verticalCenter: parent.verticalCenter
                name: facts.sign
                color: facts.tone
                size: 52
            }
            BilingualText {
                width: parent.width - mark.width - 18
                phrase: facts.brief ? ({ main: facts.words.say(facts.heading), second: "" }) : facts.words.phrase(facts.heading)
                size: Theme.strong
                secondSize: 28
            }
        }
        Repeater {
            model: facts.lines
            delegate: Row {
                id: fact

                required property var modelData

                width: parent?.width ?? 0
                spacing: 18
                Icon {
                    id: pointer
                    name: fact.modelData[0]
                    color: facts.tone
                    size: 44
                }
                PlainText {
                    width: parent.width - pointer.width - 18
                    anchors.verticalCenter: parent.verticalCenter
                    said: facts.words.say(fact.modelData[1])
                    clause: Theme.zhuyin ? 4 : 6
                }
            }
        }
    }
}

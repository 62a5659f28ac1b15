pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// What stands in the way: the good date first, why, and what to do. Brief when there are several.
BookCard {
    id: obstacle

    required property var obstacleText
    property bool brief: false

    tone: Theme.beak
    inset: obstacle.brief ? 24 : 36
    Column {
        width: parent.width
        spacing: obstacle.brief ? 6 : 16
        Row {
            width: parent.width
            spacing: 24
            IconDisc {
                id: stop
                visible: !Theme.largeType
                name: obstacle.obstacleText.why.main === "" ? "alert" : "clock"
                ink: Theme.beak
                color: Theme.beakTint
                refusal: true
                size: obstacle.brief ? 60 : 96
            }
            BilingualText {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width - (stop.visible ? stop.width + 24 : 0)
                phrase: obstacle.brief ? ({ main: obstacle.obstacleText.title.main, second: "" }) : obstacle.obstacleText.title
                size: obstacle.brief ? Theme.heading : Theme.heading + 12
            }
        }
        PlainText {
            visible: text !== "" && !obstacle.brief
            width: parent.width
            said: obstacle.obstacleText.why.main
            font.pixelSize: Theme.body + 2
        }
        PlainText {
            width: parent.width
            said: obstacle.obstacleText.do.main
            font.pixelSize: Theme.body + (obstacle.brief ? 0 : 2)
            font.weight: obstacle.brief ? Font.Medium : Font.Bold
        }
        PlainText {
            visible: Theme.paired && !obstacle.brief
            width: parent.width
            said: obstacle.obstacleText.do.second
            font.pixelSize: Theme.caption
            color: Theme.ink2
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// What stands on the slip for the school: the code in big letters, and what finds the card in the logs.
Column {
    id: paper

    required property Words words
    required property CheckViewModel check

    spacing: 0

    BilingualText {
        width: parent.width
        phrase: paper.words.phrase("check.code")
        size: Theme.strong
        secondSize: 28
        alignment: Text.AlignHCenter
    }
    PlainText {
        width: parent.width
        said: paper.check.code
        font.pixelSize: 132
        font.weight: Font.Bold
        lineHeight: 1
        horizontalAlignment: Text.AlignHCenter
    }
    PlainText {
        width: parent.width
        visible: said !== ""
        said: paper.check.reference.main
        font.pixelSize: Theme.caption
        color: Theme.ink2
        horizontalAlignment: Text.AlignHCenter
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import Youyue

// The only text element of all screens: what it shows is letters, never markup, with the reading beside each where it is wanted.
Text {
    id: text

    required property string said
    property bool bare: false // a name that everybody must find, however they read: no reading beside it

    property bool outside: false // text from outside may be longer than its place: it ends in an ellipsis

    property int clause: 7 // characters that stay on one line together; fewer where a line holds few

    readonly property string broken: wrapMode === Text.NoWrap || maximumLineCount === 1 ? said : Theme.unbroken(said, clause)

    text: Theme.readings !== null && !bare ? Theme.readings.annotated(broken) : broken
    textFormat: Text.PlainText
    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: Font.Medium
    lineHeight: Theme.lineHeight
    lineHeightMode: Text.ProportionalHeight
    wrapMode: Text.Wrap
    elide: outside ? Text.ElideRight : Text.ElideNone
    Accessible.role: Accessible.StaticText
    Accessible.name: text.said
}

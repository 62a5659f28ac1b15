import QtQuick
import Youyue

// A new line comes in from above. Only its drawing moves, never its place.
Translate {
    id: arrival

    readonly property NumberAnimation fall: NumberAnimation {
        target: arrival
        property: "y"
        from: -40
        to: 0
        duration: Theme.lineIn
        easing.type: Easing.OutCubic
    }

    function play(): void {
        fall.restart();
    }
}

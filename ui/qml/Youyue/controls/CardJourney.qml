pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import Youyue

// The card on its way to the reader: along the dotted path, then it rests, and the rings answer (`pulse`).
Item {
    id: journey

    property bool arrow: true
    property bool flat: false // the reader is more beside than below
    property int pulse: -1

    Accessible.ignored: true

    Shape {
        width: 700
        height: 560
        preferredRendererType: Shape.CurveRenderer
        ShapePath {
            strokeColor: Theme.azalea
            strokeWidth: 4
            strokeStyle: ShapePath.DashLine
            dashPattern: [1, 2.2]
            capStyle: ShapePath.RoundCap
            fillColor: "transparent"
            PathSvg {
                path: "M22 54L270 2a20 20 0 0 1 24 16L328 170a20 20 0 0 1 -16 24L64 246a20 20 0 0 1 -24 -16L6 78a20 20 0 0 1 16 -24z"
            }
        }
        ShapePath {
            strokeColor: Theme.azalea
            strokeWidth: 10
            strokeStyle: ShapePath.DashLine
            dashPattern: [0.01, 2.4]
            capStyle: ShapePath.RoundCap
            fillColor: "transparent"
            PathSvg {
                path: "M352 38C424 18 500 50 552 118"
            }
        }
    }
    Image {
        id: card

        property real way: 1

        source: Qt.resolvedUrl("../../../art/card.svg")
        sourceSize.width: 500
        width: 500
        height: 322
        smooth: true
        antialiasing: true
        x: 166 + (1 - way) * -232 - width / 2 + 256
        y: 124 + (1 - way) * -152 - Math.sin(way * Math.PI) * 40 - height / 2 + 164
        rotation: 7 - (1 - way) * 19
        scale: 0.62 + 0.38 * way
    }
    Icon {
        visible: journey.arrow
        name: "arrow"
        size: 96
        weight: 6
        color: Theme.azalea
        x: journey.flat ? 540 : 672
        y: journey.flat ? 496 : 366
        rotation: journey.flat ? 12 : 43
    }
    SequentialAnimation {
        running: !Theme.reducedMotion && journey.visible
        loops: Animation.Infinite
        PropertyAction {
            target: card
            property: "way"
            value: 0
        }
        PropertyAction {
            target: card
            property: "opacity"
            value: 0
        }
        PauseAnimation {
            duration: Theme.pageIn + Theme.press // the page has come: one thing moves at a time
        }
        NumberAnimation {
            target: card
            property: "opacity"
            from: 0
            to: 1
            duration: 220
        }
        NumberAnimation {
            target: card
            property: "way"
            from: 0
            to: 1
            duration: Theme.travel
            easing.type: Easing.InOutCubic
        }
        PropertyAction {
            target: journey
            property: "pulse"
            value: 0
        }
        PauseAnimation {
            duration: Theme.ringStep
        }
        PropertyAction {
            target: journey
            property: "pulse"
            value: 1
        }
        PauseAnimation {
            duration: Theme.ringStep
        }
        PropertyAction {
            target: journey
            property: "pulse"
            value: 2
        }
        PauseAnimation {
            duration: Theme.ringStep
        }
        PropertyAction {
            target: journey
            property: "pulse"
            value: -1
        }
        PauseAnimation {
            duration: Theme.rest + Theme.pause
        }
        NumberAnimation {
            target: card
            property: "opacity"
            to: 0
            duration: 140
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import Youyue

// The book and the wave: the sign of 悠閱.
Item {
    implicitWidth: 78
    implicitHeight: 78
    Accessible.ignored: true

    Rectangle {
        width: 48
        height: 52
        color: Theme.magpie
        topLeftRadius: 6
        topRightRadius: 4
    }
    Rectangle {
        y: 52
        width: 48
        height: 8
        color: Theme.page
    }
    Rectangle {
        y: 58
        width: 48
        height: 14
        color: Theme.highContrast ? Theme.magpie : Theme.magpieDeep
        bottomLeftRadius: 6
        bottomRightRadius: 4
    }
    Rectangle {
        y: 46
        width: 8
        height: 22
        color: Theme.highContrast ? Theme.magpie : Theme.magpieDeep
    }
    Shape {
        x: 40
        y: 2
        width: 40
        height: 48
        preferredRendererType: Shape.CurveRenderer
        ShapePath {
            strokeColor: Theme.lantern
            strokeWidth: 6
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            PathSvg {
                path: "M4 18a14 14 0 0 1 14 20M10 6a28 28 0 0 1 20 36"
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import Youyue

// A paper slip: punched above, torn below.
Item {
    id: slip

    default property alias content: inside.data

    readonly property real punch: 11
    readonly property real tear: 14

    function outline(w: real, h: real): string {
        const pitch = w / Math.round(w / 36)
        const teeth = 2 * Math.round(w / 44)
        let path = "M0 0"
        for (let x = pitch / 2; x < w; x += pitch)
            path += `H${x - punch}a${punch} ${punch} 0 0 0 ${2 * punch} 0`
        path += `H${w}V${h - tear}`
        for (let tooth = 1; tooth <= teeth; tooth++)
            path += `L${w - w * tooth / teeth} ${tooth % 2 ? h : h - tear}`
        return path + "Z"
    }

    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer
        ShapePath {
            strokeColor: Theme.highContrast ? Theme.line : "transparent"
            strokeWidth: Theme.highContrast ? Theme.lineWidth : -1
            fillColor: Theme.page
            PathSvg {
                path: slip.width > 0 && slip.height > 0 ? slip.outline(slip.width, slip.height) : ""
            }
        }
    }
    Item {
        id: inside
        anchors.fill: parent
        anchors.topMargin: slip.punch + 8
        anchors.bottomMargin: slip.tear + 4
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// A flat disc around its place. No rounded rectangle: of each of those Qt's software renderer keeps a picture as large as its corners,
// 19 MB for the rings of the first page, drawn anew whenever that page is made.
Shape {
    id: disc

    required property real reach
    required property color tone

    width: 1
    height: 1
    preferredRendererType: Shape.CurveRenderer
    transformOrigin: Item.TopLeft

    ShapePath {
        strokeColor: "transparent"
        fillColor: disc.tone
        PathAngleArc {
            radiusX: disc.reach
            radiusY: disc.reach
            sweepAngle: 360
        }
    }
}

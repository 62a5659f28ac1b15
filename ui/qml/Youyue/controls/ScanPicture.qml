pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import Youyue

// A book with its barcode under the light of the scanner.
Item {
    id: picture

    property real size: 200
    property color cover: Theme.page

    implicitWidth: size * 1.2
    implicitHeight: size
    Accessible.ignored: true

    Item {
        width: 240
        height: 200
        scale: picture.size / 200
        transformOrigin: Item.TopLeft

        Rectangle {
            id: cover
            x: 34
            width: 172
            height: 200
            color: Theme.highContrast ? "#000000" : picture.cover
            border.width: Theme.highContrast ? 4 : 0 // on black it has no edge else
            border.color: "#FFE14D"
            topLeftRadius: 12
            bottomLeftRadius: 12
            topRightRadius: 18
            bottomRightRadius: 18
        }
        Shape {
            width: 240
            height: 200
            preferredRendererType: Shape.CurveRenderer
            ShapePath {
                strokeColor: Theme.highContrast ? "#FFE14D" : Theme.magpie
                strokeWidth: 9
                fillColor: "transparent"
                PathSvg {
                    path: "M50 200V178a22 22 0 0 1 22 -22H206"
                }
            }
            ShapePath {
                strokeColor: Theme.highContrast ? "#FFFFFF" : "#D8CBB0"
                strokeWidth: 6
                fillColor: "transparent"
                capStyle: ShapePath.RoundCap
                PathSvg {
                    path: "M84 174H202M84 187H202"
                }
            }
        }
        Rectangle {
            x: 72
            y: 38
            width: 96
            height: 76
            radius: 8
            color: "transparent"
            border.width: 5
            border.color: Theme.highContrast ? "#FFE14D" : "#14273D"
            Row {
                anchors.centerIn: parent
                spacing: 5
                Repeater {
                    model: [5, 8, 4, 9, 5, 7, 4]
                    delegate: Rectangle {
                        required property int modelData
                        width: modelData
                        height: 44
                        color: Theme.highContrast ? "#FFE14D" : "#14273D"
                    }
                }
            }
        }
        Rectangle {
            y: 71
            width: 240
            height: 10
            radius: 5
            color: Theme.highContrast ? "#FFFFFF" : "#FFCE5C"
            border.width: Theme.highContrast ? 2 : 0 // nor on yellow
            border.color: "#000000"
        }
    }
}

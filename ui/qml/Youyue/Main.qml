pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Youyue
import Youyue.ViewModels

// The kiosk's window: a page of at least 1080 × 1920 or 1920 × 1080 design pixels that fills whatever glass there is; glass of another
// shape gives the page more room on one side, no empty bars.
Window {
    id: window

    required property KioskViewModel kiosk
    property string readerSide: "right"
    property bool fullScreen: false
    property bool reducedMotion: false

    readonly property bool wide: width > height
    readonly property bool low: !wide && kiosk.comfort.low_reach
    // the page that waits for a card says itself what the kiosk is for, unless other banners took the room on glass that lies
    readonly property bool modeSaid: ["attract", "card_check"].includes(kiosk.page) && (!wide || kiosk.notices.banners.length === 1)

    visible: true
    visibility: fullScreen ? Window.FullScreen : Window.Windowed
    color: Theme.paper
    title: "悠閱 Youyue"

    Binding {
        target: Theme
        property: "highContrast"
        value: window.kiosk.comfort.high_contrast
    }
    Binding {
        target: Theme
        property: "largeType"
        value: window.kiosk.comfort.large_type
    }
    Binding {
        target: Theme
        property: "readings"
        value: window.kiosk.comfort.readings
    }
    Binding {
        target: Theme
        property: "reachTop"
        value: window.low ? Math.max(1, stage.height / 2 - banners.y - banners.height) : 0
    }
    Binding {
        target: Theme
        property: "reducedMotion"
        value: window.reducedMotion
    }

    Item {
        id: stage
        objectName: "stage"
        width: window.width / scale
        height: window.height / scale
        scale: Math.min(window.width / (window.wide ? 1920 : 1080), window.height / (window.wide ? 1080 : 1920))
        transformOrigin: Item.TopLeft

        Item {
            id: sheet
            objectName: "sheet"
            anchors.top: banners.bottom
            anchors.bottom: corner.top
            width: parent.width
            layer.enabled: arrival.running // what moves is a picture of the page: drawn once, not with every step

            Rectangle {
                anchors.fill: parent
                color: Theme.paper
                visible: arrival.running // that picture has no transparency, it would be black where nothing is drawn
            }
            Loader {
                id: pageLoader
                objectName: "page"
                anchors.fill: parent
                sourceComponent: {
                    switch (window.kiosk.page) {
                    case "attract":
                    case "card_check":
                        return attract
                    case "home":
                        return home
                    case "borrow":
                        return borrow
                    case "return":
                        return takeBack
                    case "loans":
                        return loans
                    case "pin_pad":
                        return pinPad
                    case "report_loss":
                        return reportLoss
                    case "animals":
                        return animals
                    case "loss_reported":
                        return lossReported
                    case "report_loss_by_id":
                        return lossForm
                    case "goodbye":
                        return goodbye
                    case "card_refused":
                    case "out_of_service":
                        return message
                    case "still_here":
                        return stillHere
                    case "devices":
                        return devices
                    case "card_checked":
                        return cardChecked
                    default:
                        return null
                    }
                }
                onLoaded: {
                    const moves = window.kiosk.page !== "still_here" && !Theme.reducedMotion
                    arrival.stop()
                    made.enabled = moves
                    sheet.opacity = moves ? 0 : 1
                    sheet.x = 0
                }
            }
        }
        Connections {
            id: made // a page is made for one picture, drawn for the next, and moves from there on
            enabled: false
            target: window
            function onFrameSwapped(): void {
                enabled = false
                arrival.restart()
            }
        }
        ParallelAnimation {
            id: arrival
            NumberAnimation {
                target: sheet
                property: "x"
                from: 48
                to: 0
                duration: Theme.pageIn
                easing.type: Easing.OutCubic
            }
            NumberAnimation {
                target: sheet
                property: "opacity"
                from: 0.1
                to: 1
                duration: Theme.pageIn
                easing.type: Easing.OutCubic
            }
        }
        TopBar {
            id: bar
            width: parent.width
            kiosk: window.kiosk
        }
        Column {
            id: banners
            width: parent.width
            anchors.top: bar.bottom
            Repeater {
                model: ["still_here", "out_of_service", "devices"].includes(window.kiosk.page) ? [] : window.kiosk.notices.banners.filter(notice => notice.kind !== "mode" || !window.modeSaid)
                delegate: Banner {
                    required property var modelData
                    width: banners.width
                    wide: window.wide
                    notice: modelData
                }
            }
        }
        Item {
            id: corner // what stands in the upper corner else
            anchors.bottom: shelf.top
            anchors.right: parent.right
            anchors.left: parent.left
            height: below.item !== null ? 112 : 0
            Corner {
                id: below
                anchors.right: parent.right
                anchors.rightMargin: Theme.margin
                kiosk: window.kiosk
                active: window.low
            }
        }
        FooterShelf {
            id: shelf
            standing: !window.wide
            anchors.bottom: parent.bottom
            width: parent.width
            kiosk: window.kiosk
        }
    }

    Component {
        id: attract
        AttractScreen {
            kiosk: window.kiosk
            readerSide: window.readerSide
        }
    }
    Component {
        id: home
        HomeScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: borrow
        BorrowScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: takeBack
        ReturnScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: loans
        LoansScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: pinPad
        PinScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: reportLoss
        LossScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: lossReported
        LossDoneScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: lossForm
        LossFormScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: goodbye
        GoodbyeScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: message
        MessageScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: cardChecked
        CardCheckedScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: devices
        DevicesScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: animals
        AnimalsScreen {
            kiosk: window.kiosk
        }
    }
    Component {
        id: stillHere
        StillHereScreen {
            kiosk: window.kiosk
        }
    }
}

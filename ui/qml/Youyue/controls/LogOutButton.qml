pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// Always in the same place. Its ring is the time left without a touch.
Pressable {
    id: button

    required property KioskViewModel kiosk

    readonly property bool cardless: kiosk.page === "report_loss_by_id" || kiosk.page === "return" && !kiosk.returns.in_session
    readonly property var phrase: kiosk.comfort.words.phrase(kiosk.page === "devices" ? "bar.close" : cardless ? "bar.leave" : "bar.log_out")

    spoken: phrase.main
    implicitHeight: 104
    leftPadding: 18
    rightPadding: 34
    onClicked: kiosk.finish()

    background: Spine {
        cover: button.down ? Theme.sand : Theme.page
        bound: false
    }

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight
        Row {
            id: row
            anchors.verticalCenter: parent.verticalCenter
            spacing: 16
            Ring {
                anchors.verticalCenter: parent.verticalCenter
                width: 80
                height: 80
                fraction: button.kiosk.time_left.fraction
                color: Theme.highContrast ? Theme.lantern : Theme.azalea
                Icon {
                    anchors.centerIn: parent
                    name: "exit"
                    size: 36
                }
            }
            BilingualText {
                anchors.verticalCenter: parent.verticalCenter
                phrase: button.phrase
                size: Theme.body
                secondSize: 28
            }
        }
    }
}

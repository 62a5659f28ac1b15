pragma ComponentBehavior: Bound
import QtQuick
import Youyue
import Youyue.ViewModels

// The way out of a session, or the languages while nobody is here.
Loader {
    id: corner

    required property KioskViewModel kiosk

    readonly property bool session: ["home", "borrow", "return", "loans", "pin_pad", "report_loss", "animals", "report_loss_by_id", "devices"].includes(kiosk.page)

    sourceComponent: session ? logOut : kiosk.inviting ? languages : null

    Component {
        id: logOut
        LogOutButton {
            kiosk: corner.kiosk
        }
    }
    Component {
        id: languages
        LanguageSwitch {
            comfort: corner.kiosk.comfort
        }
    }
}

import Youyue
import Youyue.ViewModels

// In the main button of a page that goes by itself: what is left of its time.
Ring {
    required property KioskViewModel kiosk

    width: 84
    height: 84
    thickness: 12
    fraction: kiosk.time_left.fraction
    color: Theme.highContrast ? Theme.onFill : Theme.lantern
    track: Theme.highContrast ? Theme.magpie : Theme.magpieDeep
}

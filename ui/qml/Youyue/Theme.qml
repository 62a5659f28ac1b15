pragma Singleton
pragma ComponentBehavior: Bound
import QtQuick
import Youyue.ViewModels

// "Page and Wave": colours are named after the city, sizes are design pixels of a 1080 × 1920 or 1920 × 1080 page.
QtObject {
    property bool highContrast: false
    property bool largeType: false
    property bool reducedMotion: false
    property real reachTop: 0 // of a page: what can be pressed stands below it; 0: wherever it likes
    readonly property bool lowReach: reachTop > 0
    property ReadingsViewModel readings: null // whoever writes the reading beside each character; none unless it is wanted
    readonly property bool zhuyin: readings !== null
    // A line breaks between phrases: a clause of at most `whole` characters stays whole, a figure keeps its counter, a bracket what it
    // belongs to, and no line begins with a text's last character, or a sentence's last short word.
    function unbroken(said: string, whole: int): string {
        const joiner = "\u2060";
        const clauses = said.match(/[\u3400-\u9fff]+/g);
        if (clauses === null)
            return said.replace(/(\S+ \S+ \S+) (\S{1,8})$/, "$1\u00a0$2");
        const longest = clauses.length > 1 ? whole : 0;
        return said.replace(/[\u3400-\u9fff]{2,}/g, clause => {
            const together = clause.length <= longest ? clause.length : clause.length < 8 ? 2 : 3;
            return clause.slice(0, -together) + [...clause.slice(-together)].join(joiner);
        }).replace(/([）」])(?=[\u3400-\u9fff])/g, "$1" + joiner).replace(/(\d) (?=[\u3400-\u9fff])/g, "$1\u00a0");
    }

    readonly property bool paired: !largeType && !zhuyin // the second language stands below the first

    readonly property color paper: highContrast ? "#000000" : "#FBF5E8"
    readonly property color page: highContrast ? "#000000" : "#FFFDF7"
    readonly property color sand: highContrast ? "#1A1A1A" : "#F1E7D2"
    readonly property color line: highContrast ? "#8F8F8F" : "#D8CBB0"
    readonly property color edge: highContrast ? "#FFFFFF" : "#857555"
    readonly property color ink: highContrast ? "#FFFFFF" : "#14273D"
    readonly property color ink2: highContrast ? "#FFFFFF" : "#38465A"
    readonly property color magpie: highContrast ? "#FFE14D" : "#15417A"
    readonly property color magpieDeep: highContrast ? "#FFE14D" : "#0D2C56"
    readonly property color magpieTint: highContrast ? "#000000" : "#DEE9F5"
    readonly property color banyan: highContrast ? "#8CF5B4" : "#0B5738"
    readonly property color banyanTint: highContrast ? "#000000" : "#DCEEDD"
    readonly property color azalea: highContrast ? "#FFB3DA" : "#8C1254"
    readonly property color azaleaTint: highContrast ? "#000000" : "#FBE1EC"
    readonly property color beak: highContrast ? "#FFB09C" : "#8C1D0A"
    readonly property color beakTint: highContrast ? "#000000" : "#FCE3DA"
    readonly property color lantern: highContrast ? "#FFE14D" : "#FFCE5C"
    readonly property color amber: highContrast ? "#FFE14D" : "#FFB02E"          // a lantern that burns low
    readonly property color lanternTint: highContrast ? "#000000" : "#FFF1CC"
    readonly property color lanternInk: highContrast ? "#FFE14D" : "#573800"
    readonly property color tea: highContrast ? "#FFD9A8" : "#653A10"
    readonly property color teaTint: highContrast ? "#000000" : "#F5E5CE"
    readonly property color onFill: highContrast ? "#000000" : "#FFFDF7"       // words on magpie, banyan, azalea, beak
    readonly property color onLantern: highContrast ? "#000000" : "#14273D"
    readonly property color track: highContrast ? "#3A3A3A" : "#D8CBB0"          // the part of a ring that is over
    readonly property color waveFar: highContrast ? "#1A1A1A" : "#FAECCB"
    readonly property color waveMiddle: highContrast ? "#2E2A12" : "#FCE0A6"
    readonly property color waveNear: highContrast ? "#5C5212" : "#FFCE5C"

    readonly property string family: "Chiron GoRound TC"
    readonly property int clock: 150
    readonly property int display: largeType ? 114 : 108
    readonly property int action: largeType ? 112 : 84
    readonly property int title: largeType ? 86 : 66
    readonly property int heading: largeType ? 58 : zhuyin ? 48 : 44
    readonly property int strong: largeType ? 54 : zhuyin ? 48 : 40
    readonly property int body: largeType ? 46 : zhuyin ? 44 : 34
    readonly property int caption: largeType ? 42 : zhuyin ? 40 : 30
    readonly property int figure: 76
    readonly property int leastRead: 36 // characters with a reading beside them: a sign of it is a third as high
    readonly property real lineHeight: 1.04

    readonly property int unit: 8
    readonly property int margin: 48
    readonly property int gutter: 20
    readonly property int gap: 16
    readonly property int padding: 28
    readonly property int target: 96                                           // 35 mm on the 32-inch panel
    readonly property int barHeight: 128
    readonly property int shelfHeight: 136

    readonly property int edgeWidth: highContrast ? 5 : 4                       // what can be pressed
    readonly property int lineWidth: 3                                         // what can't
    readonly property int bookLeft: 14
    readonly property int bookRight: 40
    readonly property int actionLeft: 18
    readonly property int actionRight: 60
    readonly property int toolLeft: 12
    readonly property int toolRight: 28
    readonly property int cardRadius: 24
    readonly property int spine: 24
    readonly property int hinge: 32
    readonly property int rail: 24                                             // beside what scrolls

    readonly property int press: reducedMotion ? 0 : 80
    readonly property int pageIn: reducedMotion ? 0 : 220
    readonly property int lineIn: reducedMotion ? 0 : 260
    readonly property int shake: reducedMotion ? 0 : 60
    readonly property int travel: 1400
    readonly property int rest: 900
    readonly property int pause: 1600
    readonly property int ringStep: 120
    readonly property int hold: 2000                                           // what must not happen by accident
    readonly property int letGo: reducedMotion ? 0 : 200
}

//! What a port can be set to.

use rackberry_core::{BitsPerSecond, Milliwatts, PoePriority, Power};
use std::fmt;

macro_rules! coded {
    ($($(#[$doc:meta])* $name:ident { $($(#[$case:meta])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$case])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// What the pages and forms call it.
            pub fn code(self) -> u8 {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// What the pages call by a code.
            pub fn coded(code: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
    )*};
}

coded! {
    /// How fast a port may be. The codes are those of the page's own menu (GS308EP).
    Speed {
        /// What both ends can.
        Auto = 1,
        /// The port is switched off.
        Off = 2,
        /// 10 Mbit/s, one way at a time.
        Half10 = 3,
        /// 10 Mbit/s.
        Full10 = 4,
        /// 100 Mbit/s, one way at a time.
        Half100 = 5,
        /// 100 Mbit/s.
        Full100 = 6,
    }

    /// How much may pass a port, in one direction. The codes are those of the page's own menu (GS308EP).
    Rate {
        /// As much as it can.
        Unlimited = 1,
        /// 512 kbit/s.
        Kbps512 = 2,
        /// 1 Mbit/s.
        Mbps1 = 3,
        /// 2 Mbit/s.
        Mbps2 = 4,
        /// 4 Mbit/s.
        Mbps4 = 5,
        /// 8 Mbit/s.
        Mbps8 = 6,
        /// 16 Mbit/s.
        Mbps16 = 7,
        /// 32 Mbit/s.
        Mbps32 = 8,
        /// 64 Mbit/s.
        Mbps64 = 9,
        /// 128 Mbit/s.
        Mbps128 = 10,
        /// 256 Mbit/s.
        Mbps256 = 11,
        /// 512 Mbit/s.
        Mbps512 = 12,
    }

    /// How a port begins to feed.
    PoeMode {
        /// 802.3af: as much as that standard allows. Also what a form without this field sets.
        Af = 0,
        /// For devices that draw more than 15 W at once.
        Legacy = 1,
        /// Like 802.3af, then more within 75 ms.
        PreAt = 2,
        /// 802.3at.
        At = 3,
    }

    /// What limits the power of a port.
    LimitType {
        /// Its mode alone. Also what a form without this field sets.
        Mode = 0,
        /// The class of the device.
        Class = 1,
        /// The limit that is set.
        User = 2,
    }

    /// How a port finds out that something wants to be fed.
    Detection {
        /// Unset: what a form without this field leaves behind (seen on a GS308EP).
        Unset = 0,
        /// The old way alone.
        Legacy = 1,
        /// IEEE 802.
        Ieee = 2,
        /// 802.3af, then the old way.
        IeeeThenLegacy = 3,
    }

    /// Whether a port waits longer for slow devices.
    LongerDetection {
        /// Unset: what a form without this field leaves behind (seen on a GS308EP).
        Unset = 0,
        /// No.
        Off = 2,
        /// Yes.
        On = 3,
    }
}

impl Rate {
    /// What may pass; none where nothing limits it.
    pub fn limit(self) -> Option<BitsPerSecond> {
        let kilo = match self.code().checked_sub(3) {
            Some(doublings) => 1000 << doublings,
            None => 512,
        };
        (self != Self::Unlimited).then_some(BitsPerSecond(kilo * 1000))
    }
}

/// What a port of the dashboard is set to: the whole form, for fields that are left out are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSetting {
    /// Its name.
    pub name: String,
    /// How fast it may be, or that it is off.
    pub speed: Speed,
    /// Whether it asks the other end to wait.
    pub flow_control: bool,
    /// What may come in.
    pub ingress: Rate,
    /// What may go out.
    pub egress: Rate,
}

/// How a port is fed: the whole form, for fields that are left out are not kept but reset (seen on a GS308EP).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoeSetting {
    /// Whether it may deliver.
    pub power: Power,
    /// Who is fed first.
    pub priority: PoePriority,
    /// How it begins.
    pub mode: PoeMode,
    /// What limits it.
    pub limit_type: LimitType,
    /// The limit, where the type is [`LimitType::User`].
    pub limit: PowerLimit,
    /// How it finds out that something is there.
    pub detection: Detection,
    /// Whether it waits longer; none where the firmware knows no such thing (GS305EP 1.0.0.x).
    pub longer_detection: Option<LongerDetection>,
}

/// The limit of a port, in steps of a tenth of a watt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PowerLimit(u16);

impl PowerLimit {
    /// The smallest that can be set.
    pub const LEAST: Self = Self(30);
    /// The largest that can be set.
    pub const MOST: Self = Self(300);

    /// What a page shows, which may be what nobody can set (16.2 W on a port that was reset).
    pub(crate) fn shown(text: &str) -> Option<Self> {
        super::text::tenths(text)
            .and_then(|it| u16::try_from(it).ok())
            .filter(|it| *it < 1000)
            .map(Self)
    }

    /// How much that is.
    pub fn power(self) -> Milliwatts {
        Milliwatts(u64::from(self.0) * 100)
    }
}

impl TryFrom<Milliwatts> for PowerLimit {
    type Error = String;

    fn try_from(power: Milliwatts) -> Result<Self, String> {
        let (least, most) = (Self::LEAST.power(), Self::MOST.power());
        match u16::try_from(power.0 / 100) {
            Ok(tenths) if power.0.is_multiple_of(100) && (least..=most).contains(&power) => {
                Ok(Self(tenths))
            }
            Ok(_) | Err(_) => {
                Err(format!("`{power}` is no limit of a port: {least} to {most}, in steps of 0.1W"))
            }
        }
    }
}

impl fmt::Display for PowerLimit {
    /// In watts with one decimal, as pages and forms have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// What the pages and forms call a priority. There is no 1.
pub(crate) fn priority_code(priority: PoePriority) -> u8 {
    match priority {
        PoePriority::Low => 0,
        PoePriority::High => 2,
        PoePriority::Critical => 3,
    }
}

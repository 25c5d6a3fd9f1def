use super::hash::FormHash;
use super::open::open;
use super::outline::{Key, Outline, Tag};
use super::text::{PORTS, digits};
use super::unreadable::{Page, Unreadable};
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::BTreeMap;
use std::fmt;

const PAGE: Page = Page::Vlan;

/// The VLANs of the switch.
///
/// Read as seen in a captured page of a GS308EP (firmware 1.0.1.4) in the mode
/// [`Advanced`](VlanMode::Advanced). How the page looks in other modes is unknown on hardware: only the mode
/// and the hash are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VlanPage {
    /// Which kind of VLANs it uses.
    pub mode: VlanMode,
    /// The VLANs, in the mode [`Advanced`](VlanMode::Advanced); none in others.
    pub vlans: Option<Vlans>,
    /// What forms must send back.
    pub hash: FormHash,
}

/// The kinds of VLANs that the switch knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VlanMode {
    /// None.
    Off,
    /// Groups of ports, without tags: `bscPotBsd`.
    BasicPortBased,
    /// Groups of ports that may overlap: `advPotBsd`.
    AdvancedPortBased,
    /// 802.1Q with one VLAN for each port: `bsc8021Q`.
    Basic,
    /// 802.1Q, all of it: `adv8021Q`.
    Advanced,
}

impl VlanMode {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 5] =
        [Self::Off, Self::BasicPortBased, Self::AdvancedPortBased, Self::Basic, Self::Advanced];

    /// What the pages and forms call it.
    pub fn code(self) -> u8 {
        match self {
            Self::Off => 0,
            Self::BasicPortBased => 1,
            Self::AdvancedPortBased => 2,
            Self::Basic => 3,
            Self::Advanced => 4,
        }
    }

    /// What the pages call by a code.
    pub fn coded(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// The VLANs in the mode [`Advanced`](VlanMode::Advanced).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vlans {
    /// The members of each, and the PVID of each port.
    pub table: VlanTable,
    /// The name of each.
    pub names: BTreeMap<VlanId, String>,
    /// The one that telephones are put into, if one is.
    pub voice: Option<VlanId>,
    /// The class of service of the telephones, 0 to 7; 6 where the page does not say.
    pub voice_class: VoiceClass,
}

/// The class of service of telephones, 0 to 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VoiceClass(u8);

impl VoiceClass {
    /// The number.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl Default for VoiceClass {
    /// What the page of a GS308EP shows as long as nobody has chosen.
    fn default() -> Self {
        Self(6)
    }
}

impl TryFrom<u8> for VoiceClass {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            0..=7 => Ok(Self(number)),
            _ => Err(format!("`{number}` is not a class of service: they are numbered 0 to 7")),
        }
    }
}

/// One VLAN as a form sends it: all of it, for a form replaces what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VlanEntry {
    /// Its number.
    pub id: VlanId,
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: BTreeMap<PortNo, Tagging>,
    /// Whether telephones are put into it. Only one VLAN can have them, so it takes them from another.
    pub voice: bool,
    /// Their class of service.
    pub voice_class: VoiceClass,
}

impl Vlans {
    /// One of them, as a form sends it.
    pub fn entry(&self, id: VlanId) -> Option<VlanEntry> {
        Some(VlanEntry {
            id,
            name: self.names.get(&id)?.clone(),
            members: self.table.vlans.get(&id)?.clone(),
            voice: self.voice == Some(id),
            voice_class: self.voice_class,
        })
    }
}

impl fmt::Display for VlanMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Off => "no VLANs",
            Self::BasicPortBased => "basic port-based VLANs",
            Self::AdvancedPortBased => "advanced port-based VLANs",
            Self::Basic => "basic 802.1Q VLANs",
            Self::Advanced => "advanced 802.1Q VLANs",
        })
    }
}

/// Reads [`Page::Vlan`].
///
/// # Errors
///
/// Where it is another page, not whole, or says something that cannot be.
pub fn read_vlans(body: &[u8]) -> Result<VlanPage, Unreadable> {
    let kept = open(PAGE, body)?;
    let outline = Outline::of(PAGE, &kept);
    let mode =
        PAGE.read("VLAN mode", outline.input("vlanMod")?, |it| VlanMode::coded(digits(it)?))?;
    let vlans = match mode {
        VlanMode::Advanced => Some(vlans(outline)?),
        VlanMode::Off
        | VlanMode::BasicPortBased
        | VlanMode::AdvancedPortBased
        | VlanMode::Basic => None,
    };
    Ok(VlanPage { mode, vlans, hash: FormHash::on(outline)? })
}

fn vlans(outline: Outline<'_>) -> Result<Vlans, Unreadable> {
    let pvids = pvids(outline)?;
    let mut table = VlanTable { pvids, ..VlanTable::default() };
    let mut names = BTreeMap::new();
    for part in outline.parts(|it| it.get(Key::Vid).is_some()) {
        let id = PAGE.read("number of a VLAN", Some(part.inside().text()), vlan_id)?;
        let name = PAGE.name("name of a VLAN", part.text_in(|it| it.get(Key::Vnm).is_some()))?;
        let digits = part.find(|it| it.get(Key::HiddenMem).is_some());
        let digits = digits.and_then(|it| it.0.get(Key::Value));
        let members = PAGE.read("members of a VLAN", digits, |it| members(it, &table.pvids))?;
        if table.vlans.insert(id, members).is_some() {
            return Err(Unreadable::Twice { page: PAGE, what: "number of a VLAN" });
        }
        names.insert(id, name);
    }
    counted(outline, &table)?;
    Ok(Vlans { table, names, voice: voice(outline)?, voice_class: voice_class(outline)? })
}

/// The page says itself how many VLANs it has.
fn counted(outline: Outline<'_>, table: &VlanTable) -> Result<(), Unreadable> {
    let count = |it: &str| digits::<usize>(it).filter(|it| *it == table.vlans.len());
    PAGE.read("number of VLANs", outline.input("vlanNum")?, count).map(drop)
}

fn vlan_id(text: &str) -> Option<VlanId> {
    VlanId::try_from(digits::<u16>(text)?).ok()
}

/// One digit for each port, the first port first: 1 tagged, 2 untagged, 3 no member. The older switches of the
/// maker have 1 and 2 the other way round.
fn members(text: &str, ports: &BTreeMap<PortNo, VlanId>) -> Option<BTreeMap<PortNo, Tagging>> {
    let mut members = BTreeMap::new();
    if text.len() != ports.len() {
        return None;
    }
    for (digit, port) in text.bytes().zip(ports.keys()) {
        match digit {
            b'1' => drop(members.insert(*port, Tagging::Tagged)),
            b'2' => drop(members.insert(*port, Tagging::Untagged)),
            b'3' => {}
            _ => return None,
        }
    }
    Some(members)
}

/// The PVID of every port; the ports are numbered from 1 without a gap.
fn pvids(outline: Outline<'_>) -> Result<BTreeMap<PortNo, VlanId>, Unreadable> {
    let mut pvids = BTreeMap::new();
    for part in outline.parts(|it| it.tag == Tag::Span && it.is("pot-num")).take(PORTS + 1) {
        let port = PAGE.port(Some(part.inside().text()))?;
        if usize::from(port.0) != pvids.len() + 1 {
            return Err(PAGE.wrong("number of the next port", part.inside().text()));
        }
        let shown = part.text_in(|it| it.get(Key::PvidStr).is_some());
        let pvid = PAGE.read("PVID", shown, pvid).map_err(|it| it.at(port))?;
        pvids.insert(port, pvid);
    }
    PAGE.need("PVIDs", Some(pvids).filter(|it| !it.is_empty()))
}

/// All VLANs of a port, the PVID with a star: `1*, 100, `.
fn pvid(text: &str) -> Option<VlanId> {
    let mut starred = text.split(',').filter_map(|it| it.trim().strip_suffix('*'));
    let pvid = vlan_id(starred.next()?)?;
    starred.next().is_none().then_some(pvid)
}

fn voice(outline: Outline<'_>) -> Result<Option<VlanId>, Unreadable> {
    PAGE.read("voice VLAN", outline.input("voVid")?, |it| match it {
        "0" => Some(None),
        _ => Some(Some(vlan_id(it)?)),
    })
}

fn voice_class(outline: Outline<'_>) -> Result<VoiceClass, Unreadable> {
    match outline.text_in(|it| it.tag == Tag::Span && it.id() == "cos") {
        None | Some("") => Ok(VoiceClass::default()),
        shown => {
            PAGE.read("class of service", shown, |it| VoiceClass::try_from(digits::<u8>(it)?).ok())
        }
    }
}

use super::open::open;
use super::outline::Outline;
use super::unreadable::{Page, Unreadable};
use std::net::Ipv4Addr;

const PAGE: Page = Page::Address;

/// Where the switch is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether it is given by a DHCP server.
    pub dhcp: bool,
    /// The address.
    pub address: Ipv4Addr,
    /// The mask of its subnet.
    pub mask: Ipv4Addr,
    /// Where it sends what is not of its subnet.
    pub gateway: Ipv4Addr,
}

/// Reads [`Page::Address`], as seen in captured pages of a GS308EP.
///
/// # Errors
///
/// Where it is another page, not whole, or says something that cannot be.
pub fn read_address(body: &[u8]) -> Result<Address, Unreadable> {
    let kept = open(PAGE, body)?;
    let outline = Outline::of(PAGE, &kept);
    let address = |what, id| PAGE.read(what, outline.input(id)?, |it| it.parse().ok());
    let dhcp = |it: &str| match it {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    Ok(Address {
        dhcp: PAGE.read("DHCP mode", outline.input("dhcpModFlag")?, dhcp)?,
        address: address("address", "ipStr")?,
        mask: address("mask", "netMaskStr")?,
        gateway: address("gateway", "gatewayStr")?,
    })
}

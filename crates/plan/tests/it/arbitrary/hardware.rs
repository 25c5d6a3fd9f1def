//! Random catalogues.

use super::dice::{Dice, text};
use super::{amounts, bytes, draw, power, share, speed};
use rackberry_plan::rack::{
    Arch, Board, Boot, Catalogue, Effect, Hat, Os, PoeStandard, PortGroup, Socket, SwitchModel,
    System,
};

pub(super) fn arch(dice: &mut Dice) -> Arch {
    dice.pick(&[Arch::Arm64, Arch::Arm, Arch::Amd64])
}

pub(super) fn boot(dice: &mut Dice) -> Boot {
    use Boot::{Disk, Emmc, Network, Nvme, Sata, Sd, Usb};
    dice.pick(&[Sd, Emmc, Usb, Nvme, Sata, Disk, Network])
}

pub(super) fn os(dice: &mut Dice) -> Os {
    use Os::{Debian, Other, Proxmox, Raspios, Talos, Truenas, Ubuntu, Vyos};
    dice.pick(&[Raspios, Debian, Ubuntu, Talos, Proxmox, Truenas, Vyos, Other])
}

pub(super) fn effect(dice: &mut Dice) -> Effect {
    dice.pick(&[Effect::NoSchedule, Effect::PreferNoSchedule, Effect::NoExecute])
}

fn standard(dice: &mut Dice) -> PoeStandard {
    use PoeStandard::{Af, At, Bt, Passive};
    dice.pick(&[Passive, Af, At, Bt])
}

fn board(dice: &mut Dice) -> Board {
    Board {
        like: dice.maybe(text),
        arch: dice.maybe(arch),
        cores: dice.maybe(|it| it.next() as u16),
        memory: dice.maybe(bytes),
        usable: dice.maybe(bytes),
        nic: dice.maybe(speed),
        draw: draw(dice),
        boots: dice.some(boot),
        hats: dice.some(text),
        source: dice.maybe(text),
    }
}

fn hat(dice: &mut Dice) -> Hat {
    Hat {
        like: dice.maybe(text),
        class: dice.maybe(|it| it.next() as u8),
        standard: dice.maybe(standard),
        output: dice.maybe(power),
        efficiency: dice.maybe(share),
        source: dice.maybe(text),
    }
}

fn port_group(dice: &mut Dice) -> PortGroup {
    PortGroup {
        count: dice.next() as u16,
        speed: speed(dice),
        socket: dice.pick(&[Socket::Rj45, Socket::Sfp]),
        poe: dice.maybe(standard),
        limit: dice.maybe(power),
    }
}

fn switch_model(dice: &mut Dice) -> SwitchModel {
    SwitchModel {
        like: dice.maybe(text),
        ports: dice.some(port_group),
        budget: dice.maybe(power),
        managed: dice.maybe(Dice::bool),
        source: dice.maybe(text),
    }
}

pub(super) fn catalogue(dice: &mut Dice) -> Catalogue {
    let system = |it: &mut Dice| System {
        uses: amounts(it),
        control_plane: amounts(it),
        source: it.maybe(text),
    };
    Catalogue {
        boards: dice.some(|it| (text(it), board(it))),
        hats: dice.some(|it| (text(it), hat(it))),
        switches: dice.some(|it| (text(it), switch_model(it))),
        systems: dice.maybe(os).map(|it| (it, system(dice))).into_iter().collect(),
    }
}

use super::{Patience, Verdict, kind, never, until};
use rackberry_core::{BootId, ErrorKind, NodeConfig, NodeOs, NodeState, Stage, Version};

/// A machine that runs, is needed by nobody, and may be installed anew.
#[derive(Clone, Debug)]
pub struct Spare {
    /// The configuration in force.
    pub mine: NodeConfig,
    /// Another that it can use.
    pub other: NodeConfig,
    /// One that it cannot use.
    pub bad: NodeConfig,
    /// A version that can be installed, and does not run.
    pub version: Version,
    /// A version that does not exist.
    pub absent: Version,
    /// How long it may take.
    pub patience: Patience,
}

pub(super) async fn read(node: &dyn NodeOs) -> NodeState {
    node.observe().await.expect("a machine that answers")
}

/// What a machine says, as soon as it answers.
pub(super) async fn next(node: &dyn NodeOs, with: &Spare) -> NodeState {
    let mut seen = node.observe().await;
    until!(with.patience, "an answer", {
        let answers = seen.is_ok();
        if !answers {
            seen = node.observe().await;
        }
        answers
    });
    seen.expect("a machine that answers")
}

async fn after(node: &dyn NodeOs, with: &Spare, boot: &BootId) -> NodeState {
    let mut seen = next(node, with).await;
    until!(with.patience, "another boot", {
        let done = seen.boot != *boot && seen.stage != Stage::Installing;
        if !done {
            seen = next(node, with).await;
        }
        done
    });
    seen
}

async fn reboot(node: &dyn NodeOs, with: &Spare) -> NodeState {
    let boot = read(node).await.boot;
    node.reboot(&boot).await.expect("a machine that obeys");
    after(node, with, &boot).await
}

/// Makes the machine forget what it is.
async fn wipe(node: &dyn NodeOs, with: &Spare) -> NodeState {
    let boot = read(node).await.boot;
    node.reset(&boot).await.expect("a machine that nobody needs");
    after(node, with, &boot).await
}

/// Brings the machine back to its configuration.
async fn install(node: &dyn NodeOs, with: &Spare) -> NodeState {
    let boot = read(node).await.boot;
    node.configure(&with.mine).await.expect("a configuration that can be used");
    after(node, with, &boot).await
}

/// Makes the machine forget what it is, and brings it back.
pub(super) async fn wipe_and_install(node: &dyn NodeOs, with: &Spare) {
    let _ = wipe(node, with).await;
    let _ = install(node, with).await;
}

/// Reading twice reads the same.
pub async fn node_reads_are_stable(node: &dyn NodeOs, _: &Spare) -> Verdict {
    assert_eq!(read(node).await, read(node).await);
    Verdict::Holds
}

/// A configuration that is sent comes into force.
pub async fn node_configure_comes_into_force(node: &dyn NodeOs, with: &Spare) -> Verdict {
    for config in [&with.other, &with.mine] {
        node.configure(config).await.expect("a configuration that can be used");
        let wanted = Some(&config.digest);
        until!(
            with.patience,
            "the configuration",
            next(node, with).await.config.as_ref() == wanted
        );
    }
    Verdict::Holds
}

/// Sending the configuration in force changes nothing.
pub async fn node_configuration_in_force_changes_nothing(
    node: &dyn NodeOs,
    with: &Spare,
) -> Verdict {
    let before = read(node).await;
    node.configure(&with.mine).await.expect("the configuration in force");
    never!(with.patience, "a change", next(node, with).await != before);
    Verdict::Holds
}

/// A configuration that cannot be used is refused, and the old one stays in force.
pub async fn node_bad_configuration_is_invalid(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let before = read(node).await;
    assert_eq!(kind(node.configure(&with.bad).await), ErrorKind::Invalid);
    assert_eq!(read(node).await, before);
    Verdict::Holds
}

/// A configuration that is sent in maintenance is installed, and the machine boots into it by itself.
pub async fn node_configure_in_maintenance_installs(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let wiped = wipe(node, with).await;
    let installed = install(node, with).await;
    assert_eq!(installed.stage, Stage::Running);
    assert_eq!(installed.config, Some(with.mine.digest.clone()));
    assert_ne!(installed.boot, wiped.boot);
    Verdict::Holds
}

/// A version that is installed, once or twice, runs from the next boot, and not before.
pub async fn node_upgrade_waits_for_the_next_boot(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let before = read(node).await;
    for version in [&with.version, &before.version] {
        let runs = read(node).await.version;
        node.upgrade(version).await.expect("a version that exists");
        node.upgrade(version).await.expect("the next version");
        until!(with.patience, "the next version", next(node, with).await.next == *version);
        assert_eq!(read(node).await.version, runs);
        assert_eq!(reboot(node, with).await.version, *version);
    }
    Verdict::Holds
}

/// Installing what runs changes nothing.
pub async fn node_upgrade_to_what_runs_changes_nothing(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let before = read(node).await;
    node.upgrade(&before.version).await.expect("the version that runs");
    never!(with.patience, "a change", next(node, with).await != before);
    Verdict::Holds
}

/// Installing what runs does not take back what the next boot runs.
pub async fn node_upgrade_to_what_runs_keeps_what_is_next(
    node: &dyn NodeOs,
    with: &Spare,
) -> Verdict {
    let runs = read(node).await.version;
    node.upgrade(&with.version).await.expect("a version that exists");
    until!(with.patience, "the next version", next(node, with).await.next == with.version);
    node.upgrade(&runs).await.expect("the version that runs");
    never!(with.patience, "another version", next(node, with).await.next != with.version);
    let _ = reboot(node, with).await;
    node.upgrade(&runs).await.expect("the version of before");
    assert_eq!(reboot(node, with).await.version, runs);
    Verdict::Holds
}

/// A version that does not exist is refused, and the next boot runs what it would have run.
pub async fn node_upgrade_to_absent_version_is_invalid(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let before = read(node).await;
    assert_eq!(kind(node.upgrade(&with.absent).await), ErrorKind::Invalid);
    assert_eq!(read(node).await, before);
    Verdict::Holds
}

/// A machine in maintenance has nothing to upgrade.
pub async fn node_upgrade_in_maintenance_is_refused(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let _ = wipe(node, with).await;
    assert_eq!(kind(node.upgrade(&with.version).await), ErrorKind::Refused);
    let _ = install(node, with).await;
    Verdict::Holds
}

/// A reboot ends in another boot of the same system.
pub async fn node_reboot_makes_a_new_boot(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let before = read(node).await;
    let now = reboot(node, with).await;
    assert_ne!(now.boot, before.boot);
    assert_eq!(NodeState { boot: before.boot.clone(), ..now }, before);
    Verdict::Holds
}

/// An order to reboot that is sent twice, early or late, reboots once.
pub async fn node_reboot_sent_twice_reboots_once(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let boot = read(node).await.boot;
    node.reboot(&boot).await.expect("a machine that obeys");
    // The second may find the machine on its way down, which is an answer too.
    let _ = node.reboot(&boot).await;
    let now = after(node, with, &boot).await.boot;
    node.reboot(&boot).await.expect("a boot that has ended");
    never!(with.patience, "a second reboot", next(node, with).await.boot != now);
    Verdict::Holds
}

/// A machine that is reset comes back in maintenance, without a configuration.
pub async fn node_reset_returns_to_maintenance(node: &dyn NodeOs, with: &Spare) -> Verdict {
    let wiped = wipe(node, with).await;
    assert_eq!((wiped.stage, wiped.config), (Stage::Maintenance, None));
    let _ = install(node, with).await;
    Verdict::Holds
}

/// An order to reset that was meant for another boot changes nothing.
pub async fn node_reset_of_another_boot_changes_nothing(
    node: &dyn NodeOs,
    with: &Spare,
) -> Verdict {
    let old = read(node).await.boot;
    let before = reboot(node, with).await;
    node.reset(&old).await.expect("a boot that has ended");
    never!(with.patience, "a change", next(node, with).await != before);
    Verdict::Holds
}

/// A machine whose cluster needs it is not reset.
pub async fn voter_reset_is_refused(node: &dyn NodeOs, with: &Patience) -> Verdict {
    let before = read(node).await;
    assert_eq!(kind(node.reset(&before.boot).await), ErrorKind::Refused);
    never!(*with, "a change", node.observe().await.ok().as_ref() != Some(&before));
    Verdict::Holds
}

//! The only list of the laws.

/// Makes one `#[test]` of every law of a kind of device. The kinds, and what each of them is, stand on the
/// [front page](crate).
///
/// It takes an async function that makes the device, the fixture of its laws, and the abilities that the
/// device lacks; a law that is skipped without being listed there fails. The crate that uses it needs
/// `tokio` with `macros` and `rt`.
///
/// ```
/// use rackberry_core::{NodeId, PowerCtl};
/// use rackberry_testkit::{Blueprint, World, conform, laws};
/// use std::sync::Arc;
///
/// async fn outlet() -> Arc<dyn PowerCtl> {
///     let world = World::new(Blueprint::default());
///     world.power(&NodeId::new("n1")).expect("an outlet")
/// }
///
/// conform!(power: outlet, laws::Outlet::default(), skips: ["draw"]);
/// ```
#[macro_export]
macro_rules! conform {
    ($kind:ident: $make:expr, $with:expr, skips: $skips:expr) => {
        $crate::each_law!($kind => [$crate::conform_each] $make, $with, $skips);
    };
}

/// One `#[test]` for each of some laws.
#[doc(hidden)]
#[macro_export]
macro_rules! conform_each {
    ([$($law:ident)*] $make:expr, $with:expr, $skips:expr) => {$(
        #[tokio::test]
        async fn $law() {
            let device = $make().await;
            let skips: &[&str] = &$skips;
            match $crate::laws::$law(&*device, &$with).await {
                $crate::laws::Verdict::Holds => {}
                $crate::laws::Verdict::Skipped(what) => {
                    assert!(skips.contains(&what), "skips `{what}` without saying so");
                }
            }
        }
    )*};
}

/// Hands the names of all laws of a kind of device to another macro: `each_law!(power => [mine] more)` is
/// `mine! { [first_law second_law …] more }`.
///
/// The list of laws stands here and nowhere else, so that a new law reaches every backend at once.
#[macro_export]
macro_rules! each_law {
    (power => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            power_reads_are_stable
            power_set_is_absolute
            power_off_draws_nothing
        ] $($with)* }
    };
    (switch => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            switch_reads_are_stable
            switch_set_port_is_absolute
            switch_set_port_changes_no_other
            switch_absent_port_is_not_found
            switch_set_vlans_is_absolute
            switch_set_vlans_sets_pvids
            switch_vlans_of_absent_ports_are_invalid
            switch_pvid_without_its_vlan_is_invalid
            switch_without_vlans_says_so
            switch_set_poe_is_absolute
            switch_set_priority_is_absolute
            switch_set_limit_is_absolute
            switch_poe_off_delivers_nothing
            switch_absent_poe_is_not_found
            switch_unfed_port_is_not_found
        ] $($with)* }
    };
    (node => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            node_reads_are_stable
            node_configure_comes_into_force
            node_configuration_in_force_changes_nothing
            node_bad_configuration_is_invalid
            node_configure_in_maintenance_installs
            node_upgrade_waits_for_the_next_boot
            node_upgrade_to_what_runs_changes_nothing
            node_upgrade_to_what_runs_keeps_what_is_next
            node_upgrade_to_absent_version_is_invalid
            node_upgrade_in_maintenance_is_refused
            node_reboot_makes_a_new_boot
            node_reboot_sent_twice_reboots_once
            node_reset_returns_to_maintenance
            node_reset_of_another_boot_changes_nothing
        ] $($with)* }
    };
    (voter => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            voter_reset_is_refused
        ] $($with)* }
    };
    (guests => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            guests_are_made_switched_off
            guests_made_twice_stay_as_they_are
            guests_made_again_have_another_uid
            guests_without_memory_are_refused
            guests_without_room_are_refused
            guests_on_absent_pools_are_not_found
            guests_power_is_absolute
            guests_that_are_absent_are_not_found
            guests_snapshots_keep_their_first_content
            guests_absent_snapshot_is_not_found
            guests_destroy_spares_another_uid
            guests_destroy_is_refused_while_on
            guests_migrate_once
            guests_migrate_to_absent_host_is_not_found
            guests_migrate_without_room_is_refused
        ] $($with)* }
    };
    (cluster => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            cluster_reads_are_stable
            cluster_begins_once
            cluster_lets_in_whoever_may
            cluster_set_schedulable_is_absolute
            cluster_label_keeps_labels_and_replaces_taints
            cluster_absent_member_is_not_found
            cluster_forget_of_a_stranger_changes_nothing
            cluster_forget_removes_a_member
            cluster_forget_is_refused_below_a_majority
            cluster_apply_declares_and_runs_nothing
            cluster_apply_changes_a_declaration
            cluster_bad_manifest_is_invalid
            cluster_withdraw_stops_all_of_it
            cluster_withdraw_of_the_undeclared_changes_nothing
            cluster_start_is_absolute
            cluster_start_leaves_others_alone
            cluster_start_of_the_undeclared_is_not_found
            cluster_start_on_a_stranger_is_not_found
            cluster_start_without_room_is_refused
            cluster_start_where_closed_is_refused
            cluster_start_where_tainted_is_refused
            cluster_taint_that_executes_drives_out
            cluster_stop_is_absolute
            cluster_evict_makes_it_leave
            cluster_evict_spares_another_uid
            cluster_evict_keeps_budgets
        ] $($with)* }
    };
    (beginning => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            beginning_reads_as_empty
            beginning_has_no_ticket
            beginning_has_no_credentials
            beginning_takes_no_workloads
            beginning_on_the_unfit_is_refused
            beginning_on_the_silent_is_unreachable
            beginning_bootstraps
        ] $($with)* }
    };
    (volumes => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            volumes_copied_while_written_are_hot
            volumes_copied_while_unused_are_cold
            volumes_compare_makes_compared
            volumes_that_differ_are_not_compared
            volumes_compare_is_refused_while_written
            volumes_absent_copy_is_not_found
            volumes_copy_to_a_stranger_is_not_found
            volumes_copy_without_room_is_refused
            volumes_pin_their_replica
            volumes_outlive_their_workload
            volumes_bind_needs_a_compared_copy
            volumes_bind_is_refused_while_it_runs
            volumes_bind_keeps_the_other_copies
        ] $($with)* }
    };
    (storage => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            storage_reads_are_stable
            storage_pool_is_made_once
            storage_create_is_absolute
            storage_created_again_has_another_guid
            storage_set_is_absolute
            storage_bad_property_is_invalid
            storage_absent_dataset_is_not_found
            storage_snapshots_keep_their_first_content
            storage_roll_back_to_the_last
            storage_roll_back_beyond_the_last_is_refused
            storage_roll_back_to_absent_is_not_found
            storage_destroy_snapshot_is_exact
            storage_destroy_is_exact
            storage_scrub_begins_and_ends
            storage_share_is_absolute
            storage_destroy_is_refused_while_shared
            storage_destroy_is_refused_above_others
            storage_send_arrives_once
            storage_send_of_absent_is_not_found
        ] $($with)* }
    };
    (pool => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            pool_reads_as_none
            pool_has_no_datasets_before
            pool_of_absent_disks_is_not_found
            pool_of_too_few_disks_is_invalid
            pool_of_taken_disks_is_refused
            pool_is_made
        ] $($with)* }
    };
    (rebuilding => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            rebuilding_scrub_is_refused
        ] $($with)* }
    };
    (pools => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            pools_send_brings_the_snapshot
            pools_send_without_room_is_refused
            pools_roll_back_brings_the_first_content_back
        ] $($with)* }
    };
    (hosts => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            hosts_migrate_carries_the_guest
        ] $($with)* }
    };
    (tenant => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            tenant_roll_back_brings_the_first_system_back
        ] $($with)* }
    };
    (keeper => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [
            keeper_reset_spares_other_disks
            keeper_destroyed_guests_leave_no_disks
        ] $($with)* }
    };
    (silent_power => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [silent_power_is_unreachable] $($with)* }
    };
    (garbled_power => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [garbled_power_is_protocol] $($with)* }
    };
    (locked_power => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [locked_power_is_denied] $($with)* }
    };
    (silent_node => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [silent_node_is_unreachable] $($with)* }
    };
    (garbled_node => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [garbled_node_is_protocol] $($with)* }
    };
    (locked_node => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [locked_node_is_denied] $($with)* }
    };
    (silent_switch => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [silent_switch_is_unreachable] $($with)* }
    };
    (garbled_switch => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [garbled_switch_is_protocol] $($with)* }
    };
    (locked_switch => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [locked_switch_is_denied] $($with)* }
    };
    (silent_cluster => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [silent_cluster_is_unreachable] $($with)* }
    };
    (garbled_cluster => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [garbled_cluster_is_protocol] $($with)* }
    };
    (locked_cluster => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [locked_cluster_is_denied] $($with)* }
    };
    (silent_storage => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [silent_storage_is_unreachable] $($with)* }
    };
    (garbled_storage => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [garbled_storage_is_protocol] $($with)* }
    };
    (locked_storage => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [locked_storage_is_denied] $($with)* }
    };
    (absent_power => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [absent_power_is_not_found] $($with)* }
    };
    (busy_switch => [$($then:tt)*] $($with:tt)*) => {
        $($then)*! { [busy_switch_is_refused] $($with)* }
    };
}

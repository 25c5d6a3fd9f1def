//! The one place where an order becomes a call.

use crate::{Device, Fleet, Node, Outlet};
use rackberry_core::{
    Cluster, ClusterId, Digest, Error, ErrorKind, Eviction, Guests, JoinTicket, NodeId, PoolId,
    Power, Result, Storage, Switch, SwitchId, VolumeRef, Volumes, WorkloadId,
};
use rackberry_plan::{Action, Fact, Step};
use std::sync::Arc;

impl Fleet {
    /// Sends the order of a step, when it is the device's turn.
    pub(crate) async fn send(&self, step: &Step) -> Result<()> {
        let action = &step.action;
        let turn = self.turn(&self.receiver(action)?);
        let _turn = turn.lock().await;
        match action {
            Action::SetVlans { switch, table } => self.switch(switch)?.set_vlans(table).await,
            Action::SetPort { switch, port, to } => {
                to.send(self.switch(switch)?.as_ref(), *port).await
            }
            Action::SetPower { node, power } => self.outlet(node)?.ctl.set_power(*power).await,
            Action::Configure { node, config } => {
                let joins = step.after.contains(&Fact::Ready(node.clone()));
                self.configure(node, config, joins).await
            }
            Action::Upgrade { node, version } => self.node(node)?.os.upgrade(version).await,
            Action::Reboot { node, boot } => self.node(node)?.os.reboot(boot).await,
            Action::CreateGuest { host, spec } => self.guests(host)?.create(spec).await,
            Action::MoveGuest { host, guest, to } => self.guests(host)?.migrate(guest, to).await,
            Action::StopGuest { host, guest } => {
                self.guests(host)?.set_power(guest, Power::Off).await
            }
            Action::DestroyGuest { host, guest, uid } => {
                self.guests(host)?.destroy(guest, uid).await
            }
            Action::CreatePool { pool, spec } => self.pool(pool)?.create_pool(spec).await,
            Action::Bootstrap { cluster, node } => self.cluster(cluster)?.bootstrap(node).await,
            Action::Label { node, marks } => self.home(node)?.label(node, marks).await,
            Action::SetSchedulable { node, yes } => {
                self.home(node)?.set_schedulable(node, *yes).await
            }
            Action::Evict { node, pod } => match self.home(node)?.evict(pod).await? {
                Eviction::Granted => Ok(()),
                Eviction::Budget => {
                    Err(Error::new(ErrorKind::Refused, format!("evict {}", pod.name)))
                }
            },
            Action::Forget { cluster, node } => self.cluster(cluster)?.forget(node).await,
            Action::Declare { workload, cluster, manifest } => {
                self.declare(workload, cluster, manifest).await
            }
            Action::Withdraw { workload, cluster } => {
                self.cluster(cluster)?.withdraw(workload).await
            }
            Action::Start { replica, node } => self.home(node)?.start(replica, node).await,
            Action::Stop { replica, node } => self.home(node)?.stop(replica, node).await,
            Action::CopyHot { volume, from, to } | Action::CopyCold { volume, from, to } => {
                self.volumes(volume, from)?.copy(volume, from, to).await
            }
            Action::Compare { volume, from, to } => {
                self.volumes(volume, from)?.compare(volume, from, to).await
            }
            Action::Bind { volume, to } => self.volumes(volume, to)?.bind(volume, to).await,
        }
    }

    /// What an order is sent to.
    pub(crate) fn receiver(&self, action: &Action) -> Result<Device> {
        let home = |node: &NodeId| self.home_id(node).map(Device::Cluster);
        match action {
            Action::SetVlans { switch, .. } | Action::SetPort { switch, .. } => {
                Ok(Device::Switch(switch.clone()))
            }
            Action::SetPower { node, .. } => Ok(self.outlet(node)?.on.clone()),
            Action::Configure { node, .. }
            | Action::Upgrade { node, .. }
            | Action::Reboot { node, .. }
            | Action::CreateGuest { host: node, .. }
            | Action::MoveGuest { host: node, .. }
            | Action::StopGuest { host: node, .. }
            | Action::DestroyGuest { host: node, .. } => Ok(Device::Node(node.clone())),
            Action::CreatePool { pool, .. } => Ok(Device::Pool(pool.clone())),
            Action::Bootstrap { cluster, .. }
            | Action::Forget { cluster, .. }
            | Action::Declare { cluster, .. }
            | Action::Withdraw { cluster, .. } => Ok(Device::Cluster(cluster.clone())),
            Action::Label { node, .. }
            | Action::SetSchedulable { node, .. }
            | Action::Evict { node, .. }
            | Action::Start { node, .. }
            | Action::Stop { node, .. } => home(node),
            Action::CopyHot { to, .. }
            | Action::CopyCold { to, .. }
            | Action::Compare { to, .. }
            | Action::Bind { to, .. } => home(to),
        }
    }

    /// Makes a configuration and sends it; one that lets the machine join its cluster where it `joins`. Without
    /// that it could never join later: its configuration would be the same.
    async fn configure(&self, node: &NodeId, digest: &Digest, joins: bool) -> Result<()> {
        let ticket = if joins { Some(self.ticket(node).await?) } else { None };
        let config = self.render.node(node, digest, ticket.as_ref()).await?;
        if config.digest != *digest {
            let why = "the configuration has changed since the plan was made: plan again";
            return Err(Error::new(ErrorKind::Invalid, format!("configure {node}")).because(why));
        }
        self.node(node)?.os.configure(&config).await
    }

    /// What lets a machine join its cluster.
    async fn ticket(&self, node: &NodeId) -> Result<JoinTicket> {
        let cluster = self.home_id(node)?;
        let turn = self.turn(&Device::Cluster(cluster.clone()));
        let _turn = turn.lock().await;
        self.cluster(&cluster)?.ticket().await
    }

    async fn declare(
        &self,
        workload: &WorkloadId,
        cluster: &ClusterId,
        digest: &Digest,
    ) -> Result<()> {
        let manifest = self.render.workload(workload, digest).await?;
        if manifest.digest != *digest {
            let why = "the workload has changed since the plan was made: plan again";
            return Err(Error::new(ErrorKind::Invalid, format!("declare {workload}")).because(why));
        }
        self.cluster(cluster)?.apply(&manifest).await
    }

    pub(crate) fn node(&self, id: &NodeId) -> Result<&Node> {
        self.nodes.get(id).ok_or_else(|| Error::not_found(format!("find the machine {id}")))
    }

    pub(crate) fn outlet(&self, id: &NodeId) -> Result<&Outlet> {
        let none = || Error::not_found(format!("find the outlet of {id}"));
        self.node(id)?.outlet.as_ref().ok_or_else(none)
    }

    pub(crate) fn switch(&self, id: &SwitchId) -> Result<&Arc<dyn Switch>> {
        self.switches.get(id).ok_or_else(|| Error::not_found(format!("find the switch {id}")))
    }

    pub(crate) fn cluster(&self, id: &ClusterId) -> Result<&Arc<dyn Cluster>> {
        self.clusters.get(id).ok_or_else(|| Error::not_found(format!("find the cluster {id}")))
    }

    pub(crate) fn pool(&self, id: &PoolId) -> Result<&Arc<dyn Storage>> {
        self.pools.get(id).ok_or_else(|| Error::not_found(format!("find the pool {id}")))
    }

    fn guests(&self, host: &NodeId) -> Result<&dyn Guests> {
        let none = || Error::not_found(format!("find the guests of {host}"));
        self.node(host)?.os.guests().ok_or_else(none)
    }

    pub(crate) fn home_id(&self, node: &NodeId) -> Result<ClusterId> {
        let none = || Error::not_found(format!("find the cluster of {node}"));
        match self.nodes.get(node) {
            Some(it) => it.cluster.clone().ok_or_else(none),
            None => self.strangers().get(node).cloned().ok_or_else(none),
        }
    }

    /// The cluster that a machine is a member of.
    fn home(&self, node: &NodeId) -> Result<&Arc<dyn Cluster>> {
        self.cluster(&self.home_id(node)?)
    }

    fn volumes(&self, volume: &VolumeRef, node: &NodeId) -> Result<&dyn Volumes> {
        let none = || Error::new(ErrorKind::Unsupported, format!("move the volume {volume}"));
        self.home(node)?.volumes().ok_or_else(none)
    }
}

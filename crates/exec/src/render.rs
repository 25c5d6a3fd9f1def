use async_trait::async_trait;
use rackberry_core::{Digest, Error, JoinTicket, Manifest, NodeConfig, NodeId, Result, WorkloadId};
use std::fmt::Debug;

/// Makes configurations when they are about to be sent, secrets included.
///
/// A plan names them by their digest only, so that no secret is ever in a plan or a journal.
#[async_trait]
pub trait Render: Debug + Send + Sync {
    /// Makes the configuration of a machine; `ticket` lets it join its cluster, once that has begun.
    ///
    /// # Errors
    ///
    /// `NotFound` where nothing is known of the machine, `Invalid` where its configuration would have another
    /// digest than the plan says.
    async fn node(
        &self,
        node: &NodeId,
        digest: &Digest,
        ticket: Option<&JoinTicket>,
    ) -> Result<NodeConfig>;

    /// Makes the manifest of a workload.
    ///
    /// # Errors
    ///
    /// As [`node`](Self::node).
    async fn workload(&self, workload: &WorkloadId, digest: &Digest) -> Result<Manifest>;
}

/// Makes no configuration.
#[derive(Debug)]
pub(crate) struct Nobody;

#[async_trait]
impl Render for Nobody {
    async fn node(&self, node: &NodeId, _: &Digest, _: Option<&JoinTicket>) -> Result<NodeConfig> {
        Err(Error::not_found(format!("write the configuration of {node}")))
    }

    async fn workload(&self, workload: &WorkloadId, _: &Digest) -> Result<Manifest> {
        Err(Error::not_found(format!("write the manifest of {workload}")))
    }
}

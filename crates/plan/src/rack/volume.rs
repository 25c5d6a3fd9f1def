use super::text::as_text;
use rackberry_core::{Bytes, ThingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a replica stores, and where: exactly one of the kinds, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Volume {
    /// Where it is stored.
    pub kind: VolumeKind,
    /// Its name; without one it is `data`, or `data-0`, `data-1` and so on by its position among several.
    pub name: Option<String>,
    /// How much it may hold.
    pub size: Option<Bytes>,
    /// How much it holds now; as much as it may where that is not known.
    pub holds: Option<Bytes>,
    /// The storage class that its claim names. An empty one (`""`) binds to a volume made by hand.
    pub storage_class: Option<String>,
}

/// Where a volume is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeKind {
    /// In a directory of the node that the replica first ran on; it moves only by being copied.
    LocalPath,
    /// On an NFS server.
    Nfs(Export),
    /// On an iSCSI target; one node at a time.
    Iscsi(Export),
    /// In a Ceph pool; one node at a time.
    Rbd(Export),
    /// Nowhere: an empty directory that is lost with the replica.
    Empty,
}

impl Volume {
    /// What must be copied to bring it to another node.
    pub fn bytes_to_copy(&self) -> Bytes {
        match self.kind {
            VolumeKind::LocalPath => self.holds.or(self.size).unwrap_or_default(),
            VolumeKind::Nfs(_) | VolumeKind::Iscsi(_) | VolumeKind::Rbd(_) | VolumeKind::Empty => {
                Bytes(0)
            }
        }
    }

    /// Where it is stored, if that is not the node itself.
    pub fn export(&self) -> Option<&Export> {
        match &self.kind {
            VolumeKind::Nfs(export) | VolumeKind::Iscsi(export) | VolumeKind::Rbd(export) => {
                Some(export)
            }
            VolumeKind::LocalPath | VolumeKind::Empty => None,
        }
    }

    /// Whether only one node at a time may hold it, so that a replica stops before it starts elsewhere.
    pub fn one_node_at_a_time(&self) -> bool {
        match self.kind {
            VolumeKind::LocalPath | VolumeKind::Iscsi(_) | VolumeKind::Rbd(_) => true,
            VolumeKind::Nfs(_) | VolumeKind::Empty => false,
        }
    }
}

/// A volume as it is written.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Written {
    /// In a directory of the node; the value is its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    local_path: Option<Bytes>,
    /// On an NFS server, as `nas:/volume1/photos`.
    #[serde(skip_serializing_if = "Option::is_none")]
    nfs: Option<Export>,
    /// On an iSCSI target, as `nas:iqn.2005-10.org.freenas.ctl:pg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    iscsi: Option<Export>,
    /// In a Ceph pool, as `ceph:kubernetes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rbd: Option<Export>,
    /// An empty directory; the value is its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    empty: Option<Bytes>,
    /// Its name; without one it is `data`, or `data-0`, `data-1` and so on by its position among several.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// How much it may hold, where its kind does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<Bytes>,
    /// How much it holds now.
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<Bytes>,
    /// The storage class that its claim names; `""` binds to a volume made by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_class: Option<String>,
}

impl TryFrom<Written> for Volume {
    type Error = String;

    fn try_from(it: Written) -> Result<Self, String> {
        let sized = it.local_path.or(it.empty);
        let kinds = [
            it.local_path.map(|_| VolumeKind::LocalPath),
            it.nfs.map(VolumeKind::Nfs),
            it.iscsi.map(VolumeKind::Iscsi),
            it.rbd.map(VolumeKind::Rbd),
            it.empty.map(|_| VolumeKind::Empty),
        ];
        let mut kinds = kinds.into_iter().flatten();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            return Err(
                "a volume is exactly one of `local-path`, `nfs`, `iscsi`, `rbd` and `empty`".into(),
            );
        };
        if sized.is_some() && it.size.is_some() {
            return Err("the size of this volume is written twice: leave `size` out".into());
        }
        let (name, size) = (it.name, sized.or(it.size));
        if let (Some(size), Some(holds)) = (size, it.holds)
            && holds > size
        {
            return Err(format!("a volume of {size} cannot hold {holds}"));
        }
        Ok(Self { kind, name, size, holds: it.holds, storage_class: it.storage_class })
    }
}

impl From<Volume> for Written {
    fn from(volume: Volume) -> Self {
        let Volume { kind, name, size, holds, storage_class } = volume;
        let bare = Self { name, holds, storage_class, ..Self::default() };
        match kind {
            VolumeKind::LocalPath => Self { local_path: Some(size.unwrap_or_default()), ..bare },
            VolumeKind::Nfs(export) => Self { nfs: Some(export), size, ..bare },
            VolumeKind::Iscsi(export) => Self { iscsi: Some(export), size, ..bare },
            VolumeKind::Rbd(export) => Self { rbd: Some(export), size, ..bare },
            VolumeKind::Empty => Self { empty: Some(size.unwrap_or_default()), ..bare },
        }
    }
}

/// A place on a service, as `nas:/volume1/photos`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Export {
    /// The service.
    pub service: ThingId,
    /// The place on it.
    pub path: String,
}

impl FromStr for Export {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a place on a service: write it like `nas:/volume1/photos`");
        let (service, path) = text.split_once(':').ok_or_else(wrong)?;
        let service = service.parse().map_err(|_| wrong())?;
        match path.is_empty() || path.chars().any(char::is_control) {
            true => Err(wrong()),
            false => Ok(Self { service, path: path.into() }),
        }
    }
}

impl fmt::Display for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.path)
    }
}

as_text! {
    Export, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}:.+$", "a place on a service, as `nas:/volume1/photos`";
}

use serde_json::{Value, json};

/// What the switch answers.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) kind: &'static str,
}

/// What is answered where it is answered: errors are answers too.
pub(super) type Answer = Result<Reply, Failed>;

/// Why something is not done.
#[derive(Clone, Debug)]
pub(super) enum Failed {
    /// RouterOS says why.
    Said(Reply),
    /// The switch cannot be reached: nothing is answered.
    Silent,
}

impl Reply {
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self { status, body: value.to_string(), kind: "application/json" }
    }

    /// A page of somebody else.
    pub(super) fn stranger() -> Self {
        let body = "<!doctype html><title>It works!</title>".into();
        Self { status: 200, body, kind: "text/html" }
    }

    pub(super) fn done() -> Self {
        Self { status: 204, body: String::new(), kind: "application/json" }
    }

    pub(super) fn error(status: u16, detail: &str) -> Self {
        let mut reply = Self { status, body: String::new(), kind: "application/json" };
        let mut body = json!({ "error": status, "message": reply.reason() });
        if !detail.is_empty() {
            body["detail"] = detail.into();
        }
        reply.body = body.to_string();
        reply
    }

    pub(super) fn reason(&self) -> &'static str {
        match self.status {
            200 => "OK",
            201 => "Created",
            204 => "No Content",
            400 => "Bad Request",
            401 => "Unauthorized",
            404 => "Not Found",
            406 => "Not Acceptable",
            _ => "Internal Server Error",
        }
    }
}

/// RouterOS declines.
pub(super) fn fail<T>(status: u16, detail: impl AsRef<str>) -> Result<T, Failed> {
    Err(Failed::Said(Reply::error(status, detail.as_ref())))
}

/// It does not understand.
pub(super) fn bad<T>(detail: impl AsRef<str>) -> Result<T, Failed> {
    fail(400, detail)
}

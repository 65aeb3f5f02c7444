//! Hand-made accesses for tests.

use super::model::{Access, CallSite, Capability, Reachability, SourceRole};

/// A call in `Lcom/x/Y;` that an entry point reaches and the app's permissions
/// allow.
pub(crate) fn access(data_type: &str, api: &str) -> Access {
    Access {
        data_type: data_type.into(),
        api: api.into(),
        source: None,
        role: SourceRole::Return,
        permissions: Vec::new(),
        capability: Capability::Capable,
        capability_note: None,
        candidate: false,
        call_sites: vec![CallSite {
            class: "Lcom/x/Y;".into(),
            method: "run()V".into(),
            dex: "classes.dex".into(),
            ..CallSite::default()
        }],
        count: 1,
        reachability: Reachability::EntryPoint,
        before_consent: false,
        path: vec![
            "Lcom/x/Main;->onCreate()V".into(),
            "Lcom/x/Y;->run()V".into(),
        ],
    }
}

/// The same access in code of another reachability.
pub(crate) fn callable(access: Access, reachability: Reachability) -> Access {
    let path = match reachability {
        Reachability::EntryPoint => access.path.clone(),
        _ => Vec::new(),
    };
    Access {
        reachability,
        path,
        ..access
    }
}

/// The same access at the app's start.
pub(crate) fn at_start(access: Access) -> Access {
    Access {
        before_consent: true,
        path: vec![
            "Lcom/x/App;->onCreate()V".into(),
            "Lcom/x/Y;->run()V".into(),
        ],
        ..access
    }
}

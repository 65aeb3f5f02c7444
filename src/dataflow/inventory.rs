//! From uses of sources to accesses by owner.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::attribution::SharedCallers;
use super::capability::{Judged, Requests, unknown};
use super::catalogue::SourceRef;
use super::intern::Numbers;
use super::model::{Access, CallSite, Reachability};
use super::owner::{Owner, Owners};
use super::program::{ClassId, MethodId, Program};
use super::reach::{Reach, Start};
use crate::formats::limits::MAX_ACCESS_SITES;
use crate::sdk::schema::SourceRole;

/// A use of one source at one place, whoever answers for it.
#[derive(Debug, Clone)]
pub struct Finding<'c> {
    /// The row and its member.
    pub row: SourceRef<'c>,
    /// The reference as the code writes it.
    pub api: Arc<str>,
    /// The method that holds it.
    pub method: MethodId,
    /// Address in code units.
    pub pc: u32,
    /// From the method that gave the deciding constant to `method`, both
    /// included; empty when it is the same.
    pub given_by: Vec<MethodId>,
    /// Nothing proves that it is read.
    pub candidate: bool,
}

/// How far accesses are looked into.
pub struct Context<'g, 'p, 'm> {
    /// The code.
    pub program: &'g Program<'p>,
    /// Whose it is.
    pub owners: &'g Owners,
    /// What runs; `None` when that was not asked for.
    pub reach: Option<&'g Reach<'g, 'p>>,
    /// Who calls shared code.
    pub shared: Option<SharedCallers<'g, 'p>>,
    /// What the manifest requests; `None` without one.
    pub requests: Option<Requests<'m>>,
    /// Code may be hidden that calls what seems unreached.
    pub code_is_hidden: bool,
    /// Call sites counted; those beyond [`MAX_ACCESS_SITES`] are left out.
    pub sites: usize,
}

/// Data types that nobody is asked to answer for when shared code reads them:
/// support libraries look at the Android version and the screen everywhere, and
/// such types never gate (contract, "Default levels").
const ORDINARY: [&str; 6] = [
    "device-model",
    "language",
    "network-state",
    "os-version",
    "screen",
    "timezone",
];

/// Accesses by owner.
pub type ByOwner = BTreeMap<Owner, Vec<Access>>;

/// One access in the making.
struct Group<'c> {
    row: SourceRef<'c>,
    sites: Vec<Site>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Site {
    /// The start that leads there; unreached last.
    rank: u8,
    /// Calls from there.
    depth: u16,
    method: MethodId,
    pc: u32,
    chain: Vec<MethodId>,
}

/// What makes two uses one access.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    owner: u32,
    data_type: u32,
    api: u32,
    row: u32,
    candidate: bool,
}

/// Groups uses into accesses, each under everyone who answers for it.
pub fn accesses(findings: Vec<Finding<'_>>, context: &mut Context<'_, '_, '_>) -> ByOwner {
    let mut owners = Numbers::default();
    let mut types: Numbers<String> = Numbers::default();
    let mut apis: Numbers<Arc<str>> = Numbers::default();
    let mut rows = Numbers::default();
    let mut groups: HashMap<Key, Group<'_>, RandomState> = HashMap::default();
    for finding in findings {
        if context.sites > MAX_ACCESS_SITES {
            break;
        }
        let api = apis.number(&finding.api);
        let row = rows.number(&(std::ptr::from_ref(finding.row.source), finding.row.member));
        for data_type in &finding.row.source.data_types {
            for (owner, chain) in context.answering(&finding, data_type) {
                let key = Key {
                    owner: owners.number(&owner),
                    data_type: types.number(data_type),
                    api,
                    row,
                    candidate: finding.candidate,
                };
                let from = chain.first().copied().unwrap_or(finding.method);
                let site = Site {
                    // Both must run: a chain may lead through a dispatch that
                    // never means the class of the site.
                    rank: context.rank(from).max(context.rank(finding.method)),
                    depth: context.reach.map_or(0, |reach| reach.depth(from)),
                    method: finding.method,
                    pc: finding.pc,
                    chain,
                };
                context.sites += 1;
                if context.sites > MAX_ACCESS_SITES {
                    break;
                }
                let group = groups.entry(key).or_insert_with(|| Group {
                    row: finding.row,
                    sites: Vec::new(),
                });
                group.sites.push(site);
            }
        }
    }
    let mut by_owner = ByOwner::new();
    let mut texts = Texts::new(context.program);
    for (key, group) in groups {
        let (Some(owner), Some(data_type), Some(api)) = (
            owners.get(key.owner).cloned(),
            types.get(key.data_type).cloned(),
            apis.get(key.api).map(|api| api.to_string()),
        ) else {
            continue;
        };
        let access = context.access(data_type, api, key.candidate, group, &mut texts);
        by_owner.entry(owner).or_default().push(access);
    }
    for accesses in by_owner.values_mut() {
        accesses.sort();
        drop_proved_candidates(accesses);
    }
    by_owner
}

/// A constant that the code holds says nothing more where a call with it was
/// seen.
fn drop_proved_candidates(accesses: &mut Vec<Access>) {
    let proved: HashSet<(String, String)> = accesses
        .iter()
        .filter(|access| !access.candidate)
        .map(|access| {
            let id = access.source.as_deref().unwrap_or(&access.api);
            let member = id.rsplit("->").next().unwrap_or(id);
            (access.data_type.clone(), member.to_owned())
        })
        .collect();
    accesses.retain(|access| {
        let id = access.source.as_deref().unwrap_or(&access.api);
        let member = id.rsplit("->").next().unwrap_or(id);
        !access.candidate || !proved.contains(&(access.data_type.clone(), member.to_owned()))
    });
}

impl Context<'_, '_, '_> {
    /// Who answers for a use, with the chain of calls to it.
    fn answering(&mut self, finding: &Finding<'_>, data_type: &str) -> Vec<(Owner, Vec<MethodId>)> {
        let owner = |method| self.owners.owner(self.program.method(method).class);
        let own = owner(finding.method);
        if *own != Owner::Shared {
            return vec![(own.clone(), finding.given_by.clone())];
        }
        if let Some(&giver) = finding.given_by.first()
            && *owner(giver) != Owner::Shared
        {
            return vec![(owner(giver).clone(), finding.given_by.clone())];
        }
        let is_ordinary = finding.candidate || ORDINARY.contains(&data_type);
        let (false, Some(shared), Some(reach)) = (is_ordinary, self.shared.as_mut(), self.reach)
        else {
            return vec![(Owner::Shared, finding.given_by.clone())];
        };
        let from = finding.given_by.first().copied();
        let callers = shared.callers(from.unwrap_or(finding.method), reach);
        if callers.is_empty() {
            return vec![(Owner::Shared, finding.given_by.clone())];
        }
        let inner = finding.given_by.iter().skip(1);
        let with_inner = |caller: super::attribution::Caller| {
            let mut chain = caller.chain;
            chain.extend(inner.clone());
            (caller.owner, chain)
        };
        callers.into_iter().map(with_inner).collect()
    }

    fn rank(&self, method: MethodId) -> u8 {
        let start = self.reach.and_then(|reach| reach.start_of(method));
        start.map_or(u8::MAX, |start| start as u8)
    }

    fn access(
        &self,
        data_type: String,
        api: String,
        candidate: bool,
        mut group: Group<'_>,
        texts: &mut Texts<'_, '_>,
    ) -> Access {
        group.sites.sort();
        group.sites.dedup();
        let first = group.sites.first().cloned();
        let path = match (&first, self.reach) {
            (Some(site), Some(reach)) => {
                let from = site.chain.first().copied().unwrap_or(site.method);
                let mut path: Vec<MethodId> = reach.path(from);
                if !path.is_empty() {
                    path.extend(site.chain.iter().skip(1));
                }
                path.iter().map(|&method| texts.method(method)).collect()
            }
            _ => Vec::new(),
        };
        let rank = first.map_or(u8::MAX, |site| site.rank);
        let source = group.row.source;
        let id = group.row.id();
        let Judged {
            permissions,
            capability,
            note,
        } = match &self.requests {
            Some(requests) => requests.judge(source),
            None => unknown(source),
        };
        let mut call_sites: Vec<CallSite> =
            group.sites.iter().map(|site| texts.site(site)).collect();
        call_sites.sort();
        let is_written_so = api == id || !id.contains('(') && api.starts_with(&id);
        Access {
            data_type,
            source: (!is_written_so).then_some(id),
            api,
            role: source.role,
            permissions,
            capability,
            capability_note: note,
            candidate,
            count: call_sites.len(),
            call_sites,
            reachability: self.reachability(rank),
            before_consent: rank == Start::AppStart as u8,
            path,
        }
    }

    fn reachability(&self, rank: u8) -> Reachability {
        if self.reach.is_none() {
            return Reachability::Unknown;
        }
        match rank {
            rank if rank <= Start::EntryPoint as u8 => Reachability::EntryPoint,
            _ if self.code_is_hidden => Reachability::Unknown,
            rank if rank == Start::Api as u8 => Reachability::SdkApiOnly,
            _ => Reachability::Unreached,
        }
    }
}

/// Texts of methods, each made once.
struct Texts<'g, 'p> {
    program: &'g Program<'p>,
    selectors: HashMap<MethodId, Arc<str>>,
    methods: HashMap<MethodId, Arc<str>>,
    classes: HashMap<ClassId, Arc<str>>,
    units: HashMap<u32, Arc<str>>,
}

impl<'g, 'p> Texts<'g, 'p> {
    fn new(program: &'g Program<'p>) -> Self {
        Self {
            program,
            selectors: HashMap::new(),
            methods: HashMap::new(),
            classes: HashMap::new(),
            units: HashMap::new(),
        }
    }

    fn method(&mut self, id: MethodId) -> Arc<str> {
        let program = self.program;
        let text = self.methods.entry(id);
        Arc::clone(text.or_insert_with(|| program.method_text(id).into()))
    }

    fn site(&mut self, site: &Site) -> CallSite {
        let chain = site.chain.iter().map(|&method| self.method(method));
        let chain = chain.collect();
        let program = self.program;
        let method = program.method(site.method);
        let class = program.class(method.class);
        let descriptor = || program.descriptor(class.type_).into();
        let dex = || program.unit_of(site.method).place.into();
        let selector = || program.selector_text(method.selector).into();
        let selectors = self.selectors.entry(site.method);
        CallSite {
            class: Arc::clone(self.classes.entry(method.class).or_insert_with(descriptor)),
            method: Arc::clone(selectors.or_insert_with(selector)),
            dex: Arc::clone(self.units.entry(class.unit).or_insert_with(dex)),
            pc: site.pc,
            chain,
        }
    }
}

/// Whether a call of an SDK's API by its own code is a use: it is not.
pub fn is_inside_sdk(row: SourceRef<'_>, caller: &Owner, receiver: &Owner) -> bool {
    row.source.role == SourceRole::SdkApi && caller == receiver
}

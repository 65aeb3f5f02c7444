//! Which sections of a policy speak of the app's own collecting.

use std::borrow::Cow;

use crate::policy::pattern::Pattern;

use crate::policy::page::{Line, Page};
use crate::policy::sentence;

/// Headings over something else: rights, sharing, definitions, contacts.
static ELSEWHERE: Pattern = Pattern::new(
    r"(?ix)权利|如何(?:访问|管理|查询|更正|删除)|(?:管理|访问|更正|删除|查询)您的|注销|撤回
        |sdk|第三方|合作伙伴|共享|委托处理|转让|公开披露|对外提供
        |定义|释义|名词解释|关键词|术语|附录|联系我们|如何联系|投诉
        |\b(?:your\s+(?:\w+\s+)?(?:rights|choices)|(?:data\s+subject|privacy)\s+rights|contact(?:ing)?\s+us|how\s+to\s+contact|definitions?|glossary|shar(?:e|ing)|disclos\w+|third[-\ ]part(?:y|ies)|partners|recipients|deletion)\b",
);

/// Headings over what is said of children. Such a section may have one about what
/// is collected of them.
static CHILDREN: Pattern = Pattern::new(r"(?i)未成年|儿童|\b(?:children|minors)\b");

/// What ends the title of a document.
static TITLE: Pattern = Pattern::new(
    r"(?i)(?:政策|指引|声明|规则|须知|协议|条款)(?:[(].{0,24})?$|\b(?:policy|notice|statement)$",
);

/// Words of a heading over the app's own collecting, whatever else it says.
static OWN: Pattern = Pattern::new(
    r"(?i)收集|采集|权限|如何使用|我们使用|处理您的|\bcollect|\bwe (?:use|process)|\bpermissions?\b|\binformation you provide",
);

/// Headings over what others collect.
static OTHERS: Pattern = Pattern::new(r"(?i)sdk|第三方|合作伙伴|third[- ]part(?:y|ies)|partners");

/// An account elsewhere that a user logs in with: no party that gets data.
static LOGIN: Pattern = Pattern::new(
    r"(?i)第三方(?:平台)?(?:账号|帐号|账户|登录|登陆)|third[- ]party (?:log-?in|sign-?in|account)s?",
);

/// The words of a heading that tell what its section is about.
pub(super) fn topic(heading: &str) -> Cow<'_, str> {
    match LOGIN.find(heading) {
        Some(login) => {
            let (head, rest) = (heading.get(..login.start()), heading.get(login.end()..));
            Cow::Owned(head.unwrap_or_default().to_owned() + rest.unwrap_or_default())
        }
        None => Cow::Borrowed(heading),
    }
}

/// Where the walk through a policy stands.
#[derive(Debug, Default)]
pub(super) struct Sections {
    /// The heading that opened a section about something else.
    elsewhere: Option<Elsewhere>,
    /// A heading was seen.
    begun: bool,
}

#[derive(Debug)]
struct Elsewhere {
    depth: u8,
    of_children: bool,
}

impl Sections {
    /// Notes a line that is a heading.
    pub fn enter(&mut self, page: &Page, line: &Line) {
        let Some(depth) = sentence::heading(page, line) else {
            return;
        };
        let text = &topic(page.get(&line.range));
        let first = !std::mem::replace(&mut self.begun, true);
        let other = OTHERS.is_match(text) || !OWN.is_match(text);
        if let Some(open) = &self.elsewhere
            && depth > open.depth
            && (other || !open.of_children)
        {
            return; // a part of that section
        }
        let of_children = !ELSEWHERE.is_match(text);
        // A document for children has them in its title.
        let named = CHILDREN.is_match(text) && !(first && TITLE.is_match(text));
        self.elsewhere =
            (other && (!of_children || named)).then_some(Elsewhere { depth, of_children });
    }

    /// Whether the section speaks of the app itself.
    pub fn own(&self) -> bool {
        self.elsewhere.is_none()
    }
}

//! What a column header or a key of a key–value block names.

use std::sync::LazyLock;

/// The meaning of a column or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The SDK's name.
    Name,
    /// "Third party": a product where no other column names one, else a company.
    Party,
    /// The company.
    Vendor,
    /// Purpose, scene or function.
    Purpose,
    /// Personal data.
    Data,
    /// Permissions.
    Permission,
    /// The privacy page.
    Url,
    /// Some other page of the vendor.
    Site,
    /// How data is shared.
    Manner,
    /// Whether the SDK is in use.
    Status,
    /// Operating systems.
    Platform,
    /// The package name.
    Package,
    /// SDKs that this one brings in.
    Brings,
    /// A running number.
    Index,
    /// Known and read for nothing: places, safeguards, legal bases, terms.
    Aside,
    /// A column that no list of SDKs has.
    Other,
}

/// Longest header or key, in characters.
const MAX_HEADER: usize = 30;

/// Ends of a line that leads into a list: what follows its colon is the list,
/// not a value.
const LEAD_INS: [&str; 6] = ["如下", "下列", "如下所示", "以下", "asfollows", "following"];

/// What words of a header speak of.
#[derive(Debug, Clone, Copy)]
enum Topic {
    LimitedCompany,
    Question,
    Company,
    Browser,
    Safeguard,
    DataOrSdk,
    Brings,
    Sdk,
    PackageName,
    Website,
    Privacy,
    Official,
    Explains,
    Linked,
    InfoOrField,
    Page,
    Policy,
    System,
    NameOrPermission,
    NameAnd,
    SdkName,
    Permission,
    InfoOrData,
    Data,
    Processor,
    Receives,
    Purpose,
    Provider,
    Entity,
    Identity,
    ThirdParty,
    Fields,
    Function,
    Component,
    Product,
}

/// The words that speak of each topic; one word may speak of several.
const WORDS: &[(Topic, &[&str])] = &[
    (Topic::LimitedCompany, &["有限公司"]),
    (Topic::Question, &["什么", "哪些"]),
    (
        Topic::Company,
        &[
            "公司",
            "厂商",
            "机构",
            "主体",
            "提供方",
            "提供者",
            "开发者",
            "开发商",
            "运营方",
            "运营者",
            "所属",
            "企业",
            "服务商",
            "供应商",
            "接收方",
            "由谁提供",
            "归属方",
            "厂家",
            "开发方",
            "出品方",
            "处理者",
            "合作方",
            "vendor",
            "company",
            "provider",
            "developer",
            "operator",
            "recipient",
            "owner",
            "sub-processor",
            "subprocessor",
        ],
    ),
    (
        Topic::Browser,
        &["cookie", "lifespan", "expir", "浏览器", "browser", "有效期"],
    ),
    (
        Topic::Safeguard,
        &[
            "location",
            "country",
            "countries",
            "region",
            "safeguard",
            "transfer",
            "legalbasis",
            "lawfulbasis",
            "retention",
            "所在地",
            "国家",
            "存储地",
            "法律依据",
            "合法性基础",
            "期限",
            "存储时间",
            "保存时间",
            "出境",
            "备注",
            "联系方式",
            "联系电话",
            "加密",
            "安全措施",
        ],
    ),
    (Topic::DataOrSdk, &["data", "信息", "sdk"]),
    (Topic::Brings, &["引入"]),
    (Topic::Sdk, &["sdk"]),
    (Topic::PackageName, &["包名", "packagename"]),
    (Topic::Website, &["官网", "website", "homepage"]),
    (Topic::Privacy, &["隐私", "私隐"]),
    (Topic::Official, &["官方"]),
    (Topic::Explains, &["说明", "文档", "地址"]),
    (Topic::Linked, &["链接"]),
    (Topic::InfoOrField, &["信息", "字段"]),
    (
        Topic::Page,
        &[
            "链接", "网址", "隐私", "私隐", "url", "link", "privacy", "协议", "条款", "声明",
            "policy", "policies", "terms", "choices", "规则",
        ],
    ),
    (Topic::Policy, &["政策", "协议", "查看", "公示"]),
    (
        Topic::System,
        &["平台", "系统", "终端类型", "platform", "适用端"],
    ),
    (Topic::NameOrPermission, &["名称", "权限", "permission"]),
    (
        Topic::NameAnd,
        &["名称及", "名称和", "名称与", "名称、", "名称/", "名称+"],
    ),
    (Topic::SdkName, &["sdk名", "sdkname"]),
    (Topic::Permission, &["权限", "permission"]),
    (Topic::InfoOrData, &["信息", "data"]),
    (
        Topic::Data,
        &[
            "信息",
            "数据",
            "资料",
            "资讯",
            "字段",
            "data",
            "information",
            "采集内容",
            "收集内容",
            "共享内容",
        ],
    ),
    (Topic::Processor, &["信息处理者"]),
    (
        Topic::Receives,
        &[
            "access", "collect", "receive", "get", "share", "see", "learn", "send", "process",
        ],
    ),
    (
        Topic::Purpose,
        &[
            "目的", "场景", "用途", "功能", "描述", "说明", "业务", "purpose", "usage", "function",
            "feature", "scenario", "use", "why", "类型", "类别", "type", "category", "service",
        ],
    ),
    (
        Topic::Provider,
        &["服务商", "服务提供", "serviceprovider", "产品"],
    ),
    (Topic::Entity, &["entity"]),
    (Topic::Identity, &["identity"]),
    (
        Topic::ThirdParty,
        &["第三方", "thirdparty", "third-party", "合作伙伴"],
    ),
    (Topic::Fields, &["信息", "字段", "数据"]),
    (Topic::Function, &["功能", "业务", "场景", "cookie"]),
    (Topic::Component, &["sdk", "产品", "插件", "工具"]),
    (
        Topic::Product,
        &[
            "sdk",
            "产品",
            "插件",
            "组件",
            "工具",
            "开发包",
            "partner",
            "product",
            "tool",
            "librar",
        ],
    ),
];

/// The words above, each with the set of its topics, by their first characters:
/// a header is read once for all of them.
static BY_FIRST: LazyLock<[Vec<(&'static str, u64)>; 256]> = LazyLock::new(|| {
    let mut table = [const { Vec::new() }; 256];
    for (topic, words) in WORDS {
        for word in *words {
            let first = word.chars().next().map_or(0, place);
            if let Some(slot) = table.get_mut(first) {
                slot.push((*word, 1 << *topic as u32));
            }
        }
    }
    table
});

/// The place of a character in a table by first characters; several share one.
fn place(c: char) -> usize {
    (u32::from(c) & 0xff) as usize
}

/// What the words of a header speak of.
struct Topics(u64);

impl Topics {
    fn of(lower: &str) -> Self {
        let mut set = 0;
        for (at, c) in lower.char_indices() {
            for (word, topics) in BY_FIRST.get(place(c)).into_iter().flatten() {
                if lower.get(at..).is_some_and(|rest| rest.starts_with(word)) {
                    set |= topics;
                }
            }
        }
        Self(set)
    }

    fn has(&self, topic: Topic) -> bool {
        self.0 >> topic as u32 & 1 == 1
    }
}

/// The role of a header; none when it is no header. A bracket only adds to the
/// words before it: `SDK名称(提供方)` heads names.
pub(crate) fn of(header: &str) -> Option<Role> {
    let head = header.split('(').next().map(str::trim);
    match head.filter(|head| !head.is_empty() && head.len() < header.len()) {
        Some(head) => words(head).or_else(|| words(header)),
        None => words(header),
    }
}

/// `Firm and product`, `Product / provider`: both in one cell.
fn both(lower: &str) -> bool {
    let company = [
        "company",
        "firm",
        "provider",
        "vendor",
        "supplier",
        "publisher",
    ];
    let product = ["product", "sdk", "service", "tool", "component", "name"];
    let parted = lower
        .split_once("and")
        .or_else(|| lower.split_once(['/', '&', '+']));
    parted.is_some_and(|(head, rest)| {
        company.contains(&head) && product.contains(&rest)
            || product.contains(&head) && company.contains(&rest)
    })
}

fn words(header: &str) -> Option<Role> {
    // Most lines are no headers: they are not read to their end.
    let mut lower = String::with_capacity(4 * MAX_HEADER);
    let mut length = 0;
    for c in header.chars() {
        match c {
            '\u{4e00}'..='\u{9fff}' => lower.push(c), // has no case
            '*' | '_' | ':' | '(' | ')' | '?' => continue,
            '。' | ',' | ';' | '、' => return None,
            c if c.is_whitespace() => continue,
            c if c.is_ascii() => lower.push(c.to_ascii_lowercase()),
            c => lower.extend(c.to_lowercase()),
        }
        length += 1;
        if length > MAX_HEADER {
            return None;
        }
    }
    if length == 0 || LEAD_INS.iter().any(|words| lower.ends_with(words)) {
        return None;
    }
    let topics = Topics::of(&lower);
    if topics.has(Topic::LimitedCompany) {
        return None;
    }
    let latin = lower.is_ascii();
    let has = |topic: Topic| topics.has(topic);
    let told = if latin {
        english(&lower)
    } else {
        asked(&lower, &topics)
    };
    let ends = |words: &[&str]| words.iter().any(|word| lower.ends_with(word));
    let denied = [
        "不收集",
        "不采集",
        "未收集",
        "不会收集",
        "不获取",
        "notcollected",
        "datanotcollected",
    ];
    let role = if denied.iter().any(|start| lower.starts_with(start)) {
        Role::Aside
    } else if matches!(lower.as_str(), "收集" | "采集") {
        Role::Data
    } else if let Some(role) = told {
        role
    } else if latin && both(&lower) {
        Role::Name
    } else if matches!(
        lower.as_str(),
        "序号" | "编号" | "no." | "no" | "#" | "number"
    ) {
        Role::Index
    } else if has(Topic::Browser) {
        Role::Other
    } else if has(Topic::Safeguard) && !has(Topic::DataOrSdk)
        || matches!(
            lower.as_str(),
            "place" | "placeofprocessing" | "notes" | "note" | "remarks" | "contact"
        )
    {
        Role::Aside
    } else if matches!(
        lower.as_str(),
        "状态"
            | "使用状态"
            | "接入状态"
            | "集成状态"
            | "当前状态"
            | "目前状态"
            | "status"
            | "state"
    ) {
        Role::Status
    } else if has(Topic::Brings) && has(Topic::Sdk) {
        Role::Brings
    } else if has(Topic::PackageName) || lower == "package" || lower == "packages" {
        Role::Package
    } else if has(Topic::Website) && !has(Topic::Privacy)
        || has(Topic::Official) && has(Topic::Explains)
    {
        Role::Site
    } else if ends(&["目的", "目地", "用途"]) && !has(Topic::Linked) && !has(Topic::InfoOrField)
    {
        Role::Purpose
    } else if has(Topic::Page)
        || ends(&["地址"]) && has(Topic::Policy)
        || matches!(
            lower.as_str(),
            "moreinformation" | "moreinfo" | "learnmore" | "readmore"
        )
    {
        Role::Url
    } else if ends(&["方式", "method"])
        || ends(&["形式"]) && !has(Topic::Sdk)
        || matches!(lower.as_str(), "sharing" | "共享")
    {
        Role::Manner
    } else if has(Topic::System) && length <= 8 && !has(Topic::NameOrPermission) {
        Role::Platform
    } else if has(Topic::NameAnd) && has(Topic::Company)
        || lower.strip_suffix('名').is_some_and(is_product_word)
    {
        Role::Name // perhaps with the company in the same cell
    } else if ends(&["名称", "名字", "name"]) || has(Topic::SdkName) {
        named(&lower, &topics)
    } else if has(Topic::Permission) && !has(Topic::InfoOrData) {
        Role::Permission
    } else if has(Topic::Data) && !has(Topic::Processor)
        || lower.starts_with("what") && has(Topic::Receives)
    {
        Role::Data
    } else if has(Topic::Purpose) && !is_product_word(&lower) && !has(Topic::Provider) {
        Role::Purpose
    } else if has(Topic::Company) || has(Topic::Entity) && !has(Topic::Identity) {
        Role::Vendor
    } else if is_product_word(&lower) {
        Role::Name
    } else if has(Topic::ThirdParty) {
        Role::Party
    } else {
        return None;
    };
    Some(role)
}

/// Headers that ask in plain words: `干什么用`, `收集什么`.
fn asked(lower: &str, topics: &Topics) -> Option<Role> {
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if !topics.has(Topic::Question) {
        None
    } else if has(&["收集", "采集", "获取", "读取", "拿", "取走"]) && !has(&["权限"]) {
        Some(Role::Data)
    } else if has(&["干什么", "做什么", "有什么用", "为什么"]) {
        Some(Role::Purpose)
    } else {
        None
    }
}

/// Whole English headers whose words alone say too little.
fn english(lower: &str) -> Option<Role> {
    Some(match lower {
        "who" | "processor" | "processors" | "dataprocessor" | "supplier" | "suppliers"
        | "providedby" | "madeby" | "offeredby" | "publisher" | "whoitis" | "whogetsit"
        | "whoreceivesit" | "whoprovidesit" => Role::Vendor,
        "network" | "networks" | "adnetwork" | "adnetworks" | "advertisingnetwork"
        | "integration" | "integrations" | "component" | "components" | "module" | "modules" => {
            Role::Party
        }
        "whatfor" | "whatitdoes" | "whatitisfor" | "whatsitfor" | "role" | "task" | "activity"
        | "processingactivity" | "whyweprocess" => Role::Purpose,
        "wheretoreadmore" | "furtherinformation" | "moredetails" | "theirpolicy" | "optout"
        | "more" | "moreat" | "theirnotice" | "notice" | "theirterms" | "detailsat"
        | "wheretoread" => Role::Url,
        "gets" | "getswhat" | "receives" | "sees" | "whattheyget" | "whatitgets" | "whatissent"
        | "whatwesend" | "whatitreceives" => Role::Data,
        _ if lower.starts_with("readmore") || lower.starts_with("learnmore") => Role::Url,
        _ => return None,
    })
}

/// What may stand beside "SDK" in a header that says no more.
const BESIDE_PRODUCT: [&str; 37] = [
    "nameofthe",
    "nameof",
    "第三方",
    "三方",
    "合作",
    "接入",
    "使用",
    "涉及",
    "嵌入",
    "集成",
    "工具包",
    "开发包",
    "类型",
    "形式",
    "sdk",
    "产品",
    "插件",
    "组件",
    "工具",
    "服务",
    "列表",
    "third-party",
    "thirdparty",
    "products",
    "product",
    "partners",
    "partner",
    "tools",
    "tool",
    "libraries",
    "library",
    "used",
    "our",
    "/",
    "的",
    "类",
    "s",
];

/// The characters of the words above.
static LETTERS: LazyLock<[bool; 256]> = LazyLock::new(|| {
    let mut held = [false; 256];
    for c in BESIDE_PRODUCT.iter().flat_map(|word| word.chars()) {
        if let Some(slot) = held.get_mut(place(c)) {
            *slot = true;
        }
    }
    held
});

/// Whether a header says only "SDK", "product" and the like: `微信SDK` is a name.
fn is_product_word(lower: &str) -> bool {
    let known = |c: char| LETTERS.get(place(c)).is_some_and(|held| *held);
    if !lower.chars().all(known) || !Topics::of(lower).has(Topic::Product) {
        return false;
    }
    let mut rest = lower.to_owned();
    for word in BESIDE_PRODUCT {
        if rest.contains(word) {
            rest = rest.replace(word, "");
        }
    }
    rest.is_empty()
}

fn named(lower: &str, topics: &Topics) -> Role {
    let has = |topic: Topic| topics.has(topic);
    if has(Topic::Company) {
        Role::Vendor
    } else if has(Topic::Permission) {
        Role::Permission
    } else if has(Topic::Fields) && !has(Topic::Sdk) {
        Role::Data
    } else if has(Topic::Function) {
        Role::Purpose
    } else if has(Topic::Component) || lower == "名称" || lower == "name" {
        Role::Name
    } else {
        Role::Party
    }
}

/// Of several columns of names those headed as kinds (`SDK类型`) tell what the
/// SDKs are for.
pub(crate) fn part_kinds<'t>(headers: impl Iterator<Item = &'t str>, roles: &mut [Role]) {
    if roles.iter().filter(|role| **role == Role::Name).count() < 2 {
        return;
    }
    for (header, role) in headers.zip(roles.iter_mut()) {
        let kind = ["类型", "类别", "分类", "type", "category"]
            .iter()
            .any(|word| header.trim().to_lowercase().ends_with(word));
        if kind && *role == Role::Name {
            *role = Role::Purpose;
        }
    }
}

/// Settles [`Role::Party`] once all columns are known: the product where no
/// other column names it, else the company.
pub(crate) fn settle(roles: &mut [Role]) {
    let named = roles.contains(&Role::Name);
    let vendor = roles.contains(&Role::Vendor);
    for role in roles.iter_mut() {
        if *role == Role::Party {
            *role = match (named, vendor) {
                (true, false) => Role::Vendor,
                (true, true) => Role::Other,
                (false, _) => Role::Name,
            };
        }
    }
    if !roles.contains(&Role::Name)
        && let Some(role) = roles.iter_mut().find(|role| **role == Role::Vendor)
    {
        *role = Role::Name; // lists of companies name no product
    }
    if !roles.contains(&Role::Url)
        && let Some(role) = roles.iter_mut().find(|role| **role == Role::Site)
    {
        *role = Role::Url;
    }
}

/// Whether headers like these stand over a list of SDKs or third parties.
pub(crate) fn is_list(roles: &[Role]) -> bool {
    let has = |role| roles.contains(&role);
    has(Role::Name)
        && [
            Role::Data,
            Role::Purpose,
            Role::Url,
            Role::Vendor,
            Role::Permission,
        ]
        .into_iter()
        .filter(|role| has(*role))
        .count()
            >= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_policies_write_them() {
        for (header, role) in [
            ("SDK名称", Role::Name),
            ("使用SDK名称", Role::Name),
            ("产品/服务", Role::Name),
            ("第三方机构名称", Role::Vendor),
            ("第三方SDK所属公司", Role::Vendor),
            ("共享个人信息类型", Role::Data),
            ("收集个人信息字段及目的", Role::Data),
            ("SDK使用目的", Role::Purpose),
            ("使用场景", Role::Purpose),
            ("第三方SDK隐私协议地址", Role::Url),
            ("隐私政策链接", Role::Url),
            ("官网链接", Role::Site),
            ("共享方式", Role::Manner),
            ("Third Party", Role::Party),
            ("Privacy Information and Choices", Role::Url),
            ("涉及权限", Role::Permission),
            ("序号", Role::Index),
            ("插件名", Role::Name),
            ("归属方", Role::Vendor),
            ("干什么用", Role::Purpose),
            ("会拿什么", Role::Data),
            ("Who?", Role::Vendor),
            ("What for", Role::Purpose),
            ("Processing activity", Role::Purpose),
            ("Where to read more", Role::Url),
            ("Read more / opt out", Role::Url),
            ("Processor", Role::Vendor),
            ("Ad networks", Role::Party),
            ("Firm and product", Role::Name),
            ("What it can see", Role::Data),
        ] {
            assert_eq!(of(header), Some(role), "{header}");
        }
        assert_eq!(of("我们会尽力保护您的个人信息。"), None);
        assert_ne!(of("Identity check"), Some(Role::Vendor));
    }
}

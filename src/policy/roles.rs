//! What a column header or a key of a key–value block names.

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

/// Which characters a text holds, as a set that may hold more: headers are asked
/// for some two hundred words, and most words fail at their first character.
struct Letters([u64; 4]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut set = [0; 4];
        for c in text.chars() {
            let (word, bit) = Self::place(c);
            if let Some(word) = set.get_mut(word) {
                *word |= 1 << bit;
            }
        }
        Self(set)
    }

    fn place(c: char) -> (usize, u32) {
        let c = u32::from(c);
        ((c >> 6) as usize & 3, c & 63)
    }

    /// False only where a text cannot hold a word.
    fn may_hold(&self, word: &str) -> bool {
        word.chars().next().is_none_or(|c| {
            let (word, bit) = Self::place(c);
            self.0.get(word).is_some_and(|word| word >> bit & 1 == 1)
        })
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
    let kept = header
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '_' | ':' | '(' | ')' | '?'));
    // Most lines are no headers: they are not read to their end.
    let mut lower = String::with_capacity(4 * MAX_HEADER);
    let mut length = 0;
    for c in kept.take(MAX_HEADER + 1) {
        length += 1;
        if matches!(c, '。' | ',' | ';' | '、') {
            return None;
        }
        if c.is_ascii() {
            lower.push(c.to_ascii_lowercase());
        } else if ('\u{4e00}'..='\u{9fff}').contains(&c) {
            lower.push(c); // an ideograph has no case
        } else {
            lower.extend(c.to_lowercase());
        }
    }
    if length == 0
        || length > MAX_HEADER
        || lower.contains("://")
        || lower.contains("有限公司")
        || LEAD_INS.iter().any(|words| lower.ends_with(words))
    {
        return None;
    }
    let letters = Letters::of(&lower);
    let has = |words: &[&str]| {
        let may = |word: &&&str| letters.may_hold(word);
        words.iter().filter(may).any(|word| lower.contains(word))
    };
    let ends = |words: &[&str]| words.iter().any(|word| lower.ends_with(word));
    let company = [
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
    ];
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
    } else if let Some(role) = english(&lower).or_else(|| asked(&lower)) {
        role
    } else if both(&lower) {
        Role::Name
    } else if matches!(
        lower.as_str(),
        "序号" | "编号" | "no." | "no" | "#" | "number"
    ) {
        Role::Index
    } else if has(&["cookie", "lifespan", "expir", "浏览器", "browser", "有效期"]) {
        Role::Other
    } else if has(&[
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
    ]) && !has(&["data", "信息", "sdk"])
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
    } else if has(&["引入"]) && has(&["sdk"]) {
        Role::Brings
    } else if has(&["包名", "packagename"]) || lower == "package" || lower == "packages" {
        Role::Package
    } else if has(&["官网", "website", "homepage"]) && !has(&["隐私", "私隐"])
        || has(&["官方"]) && has(&["说明", "文档", "地址"])
    {
        Role::Site
    } else if ends(&["目的", "目地", "用途"]) && !has(&["链接"]) && !has(&["信息", "字段"])
    {
        Role::Purpose
    } else if has(&[
        "链接", "网址", "隐私", "私隐", "url", "link", "privacy", "协议", "条款", "声明", "policy",
        "policies", "terms", "choices", "规则",
    ]) || ends(&["地址"]) && has(&["政策", "协议", "查看", "公示"])
        || matches!(
            lower.as_str(),
            "moreinformation" | "moreinfo" | "learnmore" | "readmore"
        )
    {
        Role::Url
    } else if ends(&["方式", "method"])
        || ends(&["形式"]) && !has(&["sdk"])
        || matches!(lower.as_str(), "sharing" | "共享")
    {
        Role::Manner
    } else if has(&["平台", "系统", "终端类型", "platform", "适用端"])
        && length <= 8
        && !has(&["名称", "权限", "permission"])
    {
        Role::Platform
    } else if has(&["名称及", "名称和", "名称与", "名称、", "名称/", "名称+"]) && has(&company)
        || lower.strip_suffix('名').is_some_and(is_product_word)
    {
        Role::Name // perhaps with the company in the same cell
    } else if ends(&["名称", "名字", "name"]) || has(&["sdk名", "sdkname"]) {
        named(&lower, &has, &company)
    } else if has(&["权限", "permission"]) && !has(&["信息", "data"]) {
        Role::Permission
    } else if has(&[
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
    ]) && !has(&["信息处理者"])
        || lower.starts_with("what")
            && has(&[
                "access", "collect", "receive", "get", "share", "see", "learn", "send", "process",
            ])
    {
        Role::Data
    } else if has(&[
        "目的", "场景", "用途", "功能", "描述", "说明", "业务", "purpose", "usage", "function",
        "feature", "scenario", "use", "why", "类型", "类别", "type", "category", "service",
    ]) && !is_product_word(&lower)
        && !has(&["服务商", "服务提供", "serviceprovider", "产品"])
    {
        Role::Purpose
    } else if has(&company) || has(&["entity"]) && !has(&["identity"]) {
        Role::Vendor
    } else if is_product_word(&lower) {
        Role::Name
    } else if has(&["第三方", "thirdparty", "third-party", "合作伙伴"]) {
        Role::Party
    } else {
        return None;
    };
    Some(role)
}

/// Headers that ask in plain words: `干什么用`, `收集什么`.
fn asked(lower: &str) -> Option<Role> {
    let asks = lower.contains("什么") || lower.contains("哪些");
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if !asks {
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
        "whatfor" | "whatitdoes" | "whatitisfor" | "whatsitfor" | "role" | "task" => Role::Purpose,
        "wheretoreadmore" | "furtherinformation" | "moredetails" | "theirpolicy" | "optout"
        | "more" | "moreat" | "theirnotice" | "notice" | "theirterms" | "detailsat"
        | "wheretoread" => Role::Url,
        "gets" | "getswhat" | "receives" | "sees" | "whattheyget" | "whatitgets" | "whatissent"
        | "whatwesend" | "whatitreceives" => Role::Data,
        _ => return None,
    })
}

/// Whether a header says only "SDK", "product" and the like: `微信SDK` is a name.
fn is_product_word(lower: &str) -> bool {
    let says = [
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
    ];
    if !says.iter().any(|word| lower.contains(word)) {
        return false;
    }
    let mut rest = lower.to_owned();
    for word in [
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
    ] {
        rest = rest.replace(word, "");
    }
    rest.is_empty()
}

fn named(lower: &str, has: &dyn Fn(&[&str]) -> bool, company: &[&str]) -> Role {
    if has(company) {
        Role::Vendor
    } else if has(&["权限", "permission"]) {
        Role::Permission
    } else if has(&["信息", "字段", "数据"]) && !has(&["sdk"]) {
        Role::Data
    } else if has(&["功能", "业务", "场景", "cookie"]) {
        Role::Purpose
    } else if has(&["sdk", "产品", "插件", "工具"]) || lower == "名称" || lower == "name" {
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
            ("Where to read more", Role::Url),
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

//! Headers whose cells nothing parts: `SDK名称使用目的所属公司`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use crate::policy::roles::{self, Role};

/// One header cell: qualifiers, then the word that ends it.
static HEADER_CELL: Pattern = Pattern::new(
    r"(?:第三方|合作|共享|涉及|收集|使用|处理|所属|对应|接入|嵌入|主要|具体|SDK|sdk|插件|产品|个人|用户|公司|机构|开发者|运营者|厂商|业务|功能|场景|数据|信息|隐私|官网|采集|字段|的|及|和|与|/)*?(?:名称|类型|目的|场景|用途|描述|字段|范围|内容|方式|权限|公司|厂商|机构|主体|链接|地址|网址|政策|协议|声明|条款|提供方|开发者|运营方|合作方|功能|个人信息)(?:名称|类型|内容|范围|地址|链接|网址|说明|描述|字段|种类|方式)?",
);

/// The cells of a header whose marks were lost and whose words may be parted by
/// blanks: a running number, then words that end in what a column holds.
static LOOSE_CELL: Pattern = Pattern::new(
    r"\s*(?:序号|编号|(?:第三方|合作|共享|涉及|收集|使用|处理|所属|对应|接入|嵌入|主要|具体|SDK|sdk|插件|产品|个人|用户|公司|机构|业务|场景|隐私|官网|采集|可能|的|\s)*?(?:名称|类型|目的|场景|用途|描述|字段|范围|内容|方式|权限|公司|厂商|机构|主体|链接|地址|网址|政策|协议|声明|条款|提供方|开发者|运营方|合作方|功能|信息)(?:名称|类型|内容|范围|地址|链接|网址|说明|描述|字段|种类)?)",
);

/// The header cells of a line that is nothing but a header without marks
/// between its cells.
pub(in crate::policy::layout) fn header_cells(text: &str) -> Option<Vec<Range<usize>>> {
    if !text.chars().all(may_stand_in_header) {
        return None; // most lines
    }
    cells_of(text, &HEADER_CELL).or_else(|| cells_of(text, &LOOSE_CELL))
}

/// The characters of the words that make such headers, and of the gaps between.
fn may_stand_in_header(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
        || matches!(c, 'S' | 'D' | 'K' | 's' | 'd' | 'k' | '/')
        || c.is_whitespace()
}

fn cells_of(text: &str, cell: &Pattern) -> Option<Vec<Range<usize>>> {
    let mut cells = Vec::new();
    let mut at = 0;
    for found in cell.find_iter(text) {
        let gap = text.get(at..found.start())?;
        if !gap.trim().is_empty() || roles::of(found.as_str()).is_none() {
            return None;
        }
        cells.push(found.range());
        at = found.end();
    }
    (cells.len() >= 3 && text.get(at..)?.trim().is_empty()).then_some(cells)
}

/// Where a header cell with a colon behind it starts: `…有限公司收集信息范围:…`.
pub(in crate::policy::layout) fn glued_key(text: &str) -> Option<usize> {
    HEADER_CELL
        .find_iter(text)
        .filter(|found| found.start() > 0)
        .find(|found| {
            let rest = text.get(found.end()..).unwrap_or_default();
            rest.starts_with(':') && !rest.starts_with("://") && roles::of(found.as_str()).is_some()
        })
        .map(|found| {
            // `位置信息使用目的:` is the end of a value and a key.
            let key = found.as_str();
            let own = ["信息", "数据", "SDK", "sdk", "公司"]
                .iter()
                .filter_map(|word| key.strip_prefix(word))
                .find(|rest| rest.chars().count() >= 4 && roles::of(rest).is_some());
            found.end() - own.unwrap_or(key).len()
        })
}

/// A short key of data behind another key's value: `用途:推送收集:OAID`.
static DATA_KEY: Pattern = Pattern::new(
    r"[^:会能将需要们可来以于不未无]((?:收集|采集|获取)(?:的)?(?:信息|数据)?|信息|数据):",
);

/// The key of a name behind a link, as run-on records have it:
/// `链接:https://a.com/名称:某某支付`.
static NAME_KEY: Pattern = Pattern::new(r"[!-~]((?:SDK|产品)?名称):");

/// Where a short key of data, or that of a name behind a link, starts that is
/// glued to the value before it.
pub(in crate::policy::layout) fn glued_short(text: &str) -> Option<usize> {
    let keys = [glued(&DATA_KEY, text), glued(&NAME_KEY, text)];
    keys.into_iter().flatten().min()
}

fn glued(pattern: &Pattern, text: &str) -> Option<usize> {
    let found = pattern.captures(text)?;
    let key = found.get(1)?;
    let rest = text.get(key.end()..).unwrap_or_default();
    (!rest.starts_with("://")).then_some(key.start())
}

/// Three or more header cells without a gap, and the roles they name.
pub(super) fn find(text: &str, from: usize) -> Option<(Range<usize>, Vec<Role>)> {
    let mut run: Vec<(Range<usize>, Role)> = Vec::new();
    for found in HEADER_CELL.find_iter(text.get(from..)?) {
        let range = from + found.start()..from + found.end();
        let role = roles::of(found.as_str());
        let adjacent = run.last().is_some_and(|(last, _)| {
            text.get(last.end..range.start)
                .is_some_and(|gap| gap.trim().is_empty())
        });
        if !adjacent {
            if let Some(done) = finished(&run) {
                return Some(done);
            }
            run.clear();
        }
        run.extend(role.map(|role| (range, role)));
    }
    finished(&run)
}

fn finished(run: &[(Range<usize>, Role)]) -> Option<(Range<usize>, Vec<Role>)> {
    let mut roles: Vec<Role> = run.iter().map(|(_, role)| *role).collect();
    roles::settle(&mut roles);
    let mut distinct = roles.clone();
    distinct.sort();
    distinct.dedup();
    if distinct.len() < 3 || !roles::is_list(&roles) {
        return None;
    }
    Some((run.first()?.0.start..run.last()?.0.end, roles))
}

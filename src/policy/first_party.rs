//! Data types and permissions that the policy declares for the app itself.
//!
//! Lists of SDKs, sentences about others, denials, the definitions of the law
//! and the sections about the user's rights declare nothing.

mod leads;
mod listing;
mod sections;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::policy::pattern::Pattern;

use super::document::{LineKind, Source};
use super::fields::{self, mentions};
use super::model::{Declaration, FirstParty};
use super::page::{Block, Cell, Line, Page};
use super::{Lexicon, sentence, spans};
use leads::{Leads, Rule};
use sections::Sections;

/// Verbs of the app's own collecting.
static COLLECTS: Pattern = Pattern::new(
    r"(?i)收集|获取|采集|读取|访问|取得您的[^同授许]|使用您|申请|开启|授权|提供|填写|上传|记录|权限|collect|access|receive|process|provide|permission|record|gather|obtain",
);

/// Denials of collecting.
static DENIES: Pattern = Pattern::new(
    r"(?i)(?:不会|不|未|无需|无须|不需要|从不|绝不)[^,。;]{0,12}?(?:收集|获取|读取|采集|申请|访问|提供|记录|保存|存储|上传)(?:[、或和及](?:使用|存储|上传|共享|收集|获取|读取))*|\b(?:prohibit|forbid|prevent|decided against|refuse)\w*\b|\bnever (?:\w+ )?(?:collects?|access(?:es)?|reads?)|\b(?:do|does|will|is|are)(?: not|n't) (?:\w+ ){0,2}?(?:collect|access|process|read|record|gather|obtain|receive|require|request)\w*",
);

/// Sentences in which others collect, or in which data is handed to them.
static OF_OTHERS: Pattern = Pattern::new(
    r"(?ix)sdk|软件开发工具包
        |(?:^|[,。;:])\s*(?:该|此|这些|上述|以下|部分|其他|任何|前述|相关)?(?:第三方|合作伙伴|合作方|服务商|供应商|广告主|运营商|商家|关联公司|其)[^,。;我]*(?:收集|获取|采集|读取|访问|处理|记录)
        |由(?:该|此)?(?:第三方|合作伙伴|服务商|运营商)[^,。;]{0,16}(?:收集|获取|采集|处理)
        |(?:向|与|给)[^,。;]{0,16}(?:第三方|合作伙伴|合作方|服务商|供应商|关联公司|关联方|广告主)[^,。;]{0,16}(?:共享|提供|披露|分享|转让|传输)
        |\b(?:third[-\ ]part(?:y|ies)|partners?|(?:service\s+)?providers?|vendors?|advertisers?|affiliates?|they)\b[^.;]*\b(?:collects?|receives?|access(?:es)?|gathers?|obtains?|process(?:es)?)\b
        |\b(?:shares?|disclos\w+|transfer\w*)\b[^.;]*\b(?:with|to)\b[^.;]*\b(?:third|partner|provider|vendor|advertis|affiliate)",
);

/// What data is by law, or in general.
static BY_LAW: Pattern = Pattern::new(
    r#"(?ix)(?:个人信息|敏感信息|个人数据|隐私信息|敏感个人信息|个人敏感信息)["”」)]{0,2},?\s*(?:通常|一般|主要)?(?:是指|系指|指的是|指|包括以下|的定义|的范围)
        |以电子(?:或者|或)其他方式(?:记录|单独)|一旦(?:泄露|泄漏)
        |\b(?:personal|sensitive)\s+(?:personal\s+)?(?:data|information)["”]?\s+(?:means|refers\s+to|is\s+(?:any|defined|information))|\bdefined\s+(?:by|in|under)\b"#,
);

/// What the user may do with data that is already held.
static RIGHT: Pattern = Pattern::new(
    r"(?ix)您(?:可以|可|有权|能够|也可以)[^。;]*?(?:更正|删除|查询|查阅|修改|注销|撤回|关闭|导出|复制|管理|拒绝|更改)
        |\byou\s+(?:can|may|have\s+the\s+right\s+to|are\s+able\s+to)\s[^.;]*?\b(?:correct|delete|update|opt[-\ ]out|withdraw|disable|turn\s+off|revoke|erase|export|object)\b",
);

/// Who collects, in a sentence that needs no lead.
static SUBJECT: Pattern = Pattern::new(r"(?i)我们|\bwe\b");

/// A heading or a lead that announces the app's permissions.
static PERMISSIONS: Pattern = Pattern::new(r"(?i)权限|\bpermissions?\b");

/// Headings over what others ask for.
static OTHERS: Pattern = Pattern::new(r"(?i)sdk|第三方|合作|third[- ]part|partner");

/// Headers of columns that tell what data is for.
static TELLS_WHY: Pattern =
    Pattern::new(r"(?i)目的|用途|作用|场景|功能|\bpurposes?\b|\bwhy\b|\buses?\b");

/// Words of a header over data, whatever else it says.
static OF_DATA: Pattern = Pattern::new(r"(?i)信息|数据|权限|\b(?:data|information|permissions?)\b");

/// Headers of columns that answer whether something is collected.
static IS_COLLECTED: Pattern =
    Pattern::new(r"(?i)^\s*(?:collected|do we collect)\b|是否[^,。]{0,4}(?:收集|采集|获取)");

/// Such an answer: it is not.
static REFUSED: Pattern = Pattern::new(r"(?i)^\s*(?:no\b|not\b|否|不|未|无|×|✗|✘)");

/// Longest heading or lead, in characters.
const MAX_HEADING: usize = 60;

/// Reads the sentences and tables outside the lists of SDKs.
pub(crate) fn read(
    page: &Page,
    source: &Source,
    covered: &[Range<usize>],
    lexicon: &Lexicon,
) -> FirstParty {
    let reader = Reader {
        page,
        covered,
        lexicon,
    };
    let named = own_passages(page).into_par_iter().map(|passage| {
        let mut named = Passages::new();
        match passage {
            Passage::Item(line) => reader.item(line, &mut named),
            Passage::Sentences(line, rule) => reader.sentences(line, rule, &mut named),
            Passage::Table(rows) => reader.table(rows, &mut named),
        }
        named
    });
    let named: Vec<Passages> = named.collect();
    reader.finish(source, named)
}

/// What is read for what the app itself does.
enum Passage<'p> {
    /// An item of a list of permissions.
    Item(&'p Line),
    /// A line, and what is said of it above.
    Sentences(&'p Line, Rule),
    Table(&'p [Vec<Cell>]),
}

/// The lines and tables of sections about the app itself, in document order.
fn own_passages(page: &Page) -> Vec<Passage<'_>> {
    let mut sections = Sections::default();
    let mut leads = Leads::default();
    let mut of_permissions = false;
    let mut passages = Vec::new();
    for block in &page.blocks {
        match block {
            Block::Line(line) => {
                sections.enter(page, line);
                let opens_list = leads.enter(page, line);
                let rule = if opens_list {
                    Rule::Silent
                } else {
                    leads.rule()
                };
                let opens = opens_permissions(page, line);
                if opens.is_none() && of_permissions && sections.own() {
                    passages.push(Passage::Item(line));
                }
                of_permissions = opens.unwrap_or(of_permissions);
                if sections.own() {
                    passages.push(Passage::Sentences(line, rule));
                }
            }
            Block::Table(rows) if sections.own() && leads.rule() != Rule::Denied => {
                passages.push(Passage::Table(rows));
            }
            Block::Table(_) => {}
        }
    }
    passages
}

/// Whether a line opens (`Some(true)`) or ends a section about the app's own
/// permissions.
fn opens_permissions(page: &Page, line: &Line) -> Option<bool> {
    let text = page.get(&line.range);
    let marker = sentence::marker(text).and_then(|end| text.get(..end));
    let section = line.kind == LineKind::Heading
        || marker.is_some_and(|mark| mark.contains(|c: char| "一二三四五六七八九十".contains(c)))
        || text.ends_with(':') && line.kind == LineKind::Text;
    (section && text.chars().count() <= MAX_HEADING && !text.contains('。'))
        .then(|| PERMISSIONS.is_match(text) && !OTHERS.is_match(text))
}

struct Reader<'p> {
    page: &'p Page,
    covered: &'p [Range<usize>],
    lexicon: &'p Lexicon,
}

/// What a passage names, by its number in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    DataType(usize),
    Permission(usize),
}

/// The first passage that names something.
type Passages = BTreeMap<Named, Range<usize>>;

impl Reader<'_> {
    /// Takes what a passage names; `said` is the whole sentence around it.
    fn add(&self, text: &str, said: &Range<usize>, lists_permissions: bool, found: &mut Passages) {
        let terms = &self.lexicon.terms;
        self.add_data(text, said, false, found);
        let listed = lists_permissions.then(|| terms.listed_permissions(text));
        let listed = listed.into_iter().flatten().map(|(_, one)| one);
        for one in listed.chain(terms.recording_permissions(text)) {
            let named = Named::Permission(one);
            found.entry(named).or_insert_with(|| said.clone());
        }
    }

    /// Takes the data that a passage names; in a list of data, words that are data
    /// as a whole item count as well.
    fn add_data(&self, text: &str, said: &Range<usize>, list: bool, found: &mut Passages) {
        let terms = &self.lexicon.terms;
        for mention in mentions::read(text, self.lexicon, list) {
            let noun = mention.noun;
            let permissions = noun.hit.iter().flat_map(|hit| terms.permissions_of(hit));
            let permissions: Vec<usize> = permissions.collect();
            let types = noun.types.into_iter().map(Named::DataType);
            let named = types.chain(permissions.into_iter().map(Named::Permission));
            for named in named {
                found.entry(named).or_insert_with(|| said.clone());
            }
        }
    }

    /// An item of a list of permissions: the words before its purpose.
    fn item(&self, line: &Line, found: &mut Passages) {
        if spans::meets(self.covered, &line.range) {
            return;
        }
        let page = self.page;
        let inner = page.get(&sentence::strip_marker(page, &line.range));
        let marked = line.kind == LineKind::Item || inner.len() < line.range.len();
        let end = inner.find([':', '。', ';']).unwrap_or(inner.len());
        let dash = [" - ", " – ", " — ", "——"]
            .iter()
            .filter_map(|dash| inner.find(dash));
        let end = dash.min().map_or(end, |dash| dash.min(end));
        let head = inner.get(..end).unwrap_or_default();
        let cut = end < inner.len() && head.chars().count() <= MAX_HEADING;
        if (marked || cut) && !DENIES.is_match(head) {
            self.add(head, &line.range, true, found);
        }
    }

    fn sentences(&self, line: &Line, rule: Rule, found: &mut Passages) {
        let page = self.page;
        let marked = sentence::strip_marker(page, &line.range).start;
        for piece in sentence::sentences(page.get(&line.range)) {
            let range = line.range.start + piece.start..line.range.start + piece.end;
            let words = page.get(&range);
            if spans::holds(self.covered, &range) {
                continue;
            }
            let denied = rule == Rule::Denied && !SUBJECT.is_match(words);
            if let Some(words) = declared(words).filter(|_| !denied) {
                self.add(&words, &range, PERMISSIONS.is_match(&words), found);
            } else if matches!(rule, Rule::Collected | Rule::Listed) {
                let words = page.get(&(range.start.max(marked.min(range.end))..range.end));
                let data = listing::listed(words, rule == Rule::Listed, self.lexicon);
                self.add_data(data.as_deref().unwrap_or_default(), &range, true, found);
            }
        }
    }

    /// A table about the app itself; one about others is a list of SDKs that no
    /// reader took.
    fn table(&self, rows: &[Vec<Cell>], found: &mut Passages) {
        let page = self.page;
        let header = rows.first().map_or(&[][..], Vec::as_slice);
        if header
            .iter()
            .any(|cell| OTHERS.is_match(page.get(&cell.range)))
        {
            return;
        }
        // What data is for, and what is not collected.
        let is_aside = |cell: &Cell| {
            let head = page.get(&cell.range);
            TELLS_WHY.is_match(head) && !OF_DATA.is_match(head) || DENIES.is_match(head)
        };
        let aside: Vec<bool> = header.iter().map(is_aside).collect();
        let asks = |column: usize| {
            let head = header.get(column).map(|cell| page.get(&cell.range));
            head.is_some_and(|head| PERMISSIONS.is_match(head))
        };
        let answers = header
            .iter()
            .position(|cell| IS_COLLECTED.is_match(page.get(&cell.range)));
        let refused = |row: &[Cell]| {
            let answer = answers.and_then(|column| row.get(column));
            answer.is_some_and(|cell| REFUSED.is_match(page.get(&cell.range)))
        };
        for row in rows.iter().filter(|row| !refused(row)) {
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.repeated) {
                let words = page.get(&cell.range);
                let aside = aside.get(column) == Some(&true) || OF_OTHERS.is_match(words);
                if !aside && !spans::holds(self.covered, &cell.range) {
                    self.add(words, &cell.range, asks(column), found);
                }
            }
        }
    }

    /// What is named, each with the first passage that names it.
    fn finish(&self, source: &Source, named: Vec<Passages>) -> FirstParty {
        let terms = &self.lexicon.terms;
        let (mut types, mut all_permissions) = (BTreeMap::new(), BTreeMap::new());
        for (named, said) in named.into_iter().flatten() {
            match named {
                Named::DataType(one) => types.entry(one).or_insert(said),
                Named::Permission(one) => all_permissions.entry(one).or_insert(said),
            };
        }
        let data_types = terms.type_ids(&types.keys().copied().collect());
        let mut permissions: Vec<(String, &Range<usize>)> = all_permissions
            .iter()
            .flat_map(|(index, said)| {
                let named = terms.permission_names(&[*index].into());
                named.into_iter().map(move |name| (name, said))
            })
            .collect();
        permissions.sort_by(|a, b| a.0.cmp(&b.0));
        let of_types = data_types.iter().zip(types.values());
        let of_permissions = permissions.iter().map(|(name, said)| (name, *said));
        let declared = of_types
            .chain(of_permissions)
            .map(|(what, said)| Declaration {
                what: what.clone(),
                quote: fields::quote(self.page, source, said),
            })
            .collect();
        FirstParty {
            data_types,
            permissions: permissions.into_iter().map(|(name, _)| name).collect(),
            declared,
        }
    }
}

/// What a sentence affirms that says that the app itself collects something.
fn declared(words: &str) -> Option<Cow<'_, str>> {
    if words.trim_end().ends_with('?') {
        return None;
    }
    let affirmed = affirmed(words);
    (COLLECTS.is_match(&affirmed)
        && !OF_OTHERS.is_match(words)
        && !BY_LAW.is_match(words)
        && !RIGHT.is_match(words))
    .then_some(affirmed)
}

/// A sentence without the clauses that deny.
fn affirmed(words: &str) -> Cow<'_, str> {
    if !DENIES.is_match(words) {
        return Cow::Borrowed(words);
    }
    let clauses = words.split_inclusive([',', '。', ';']);
    Cow::Owned(clauses.filter(|clause| !DENIES.is_match(clause)).collect())
}

#[cfg(test)]
mod tests;

//! Broader terms and what is enumerated under them: `设备信息(IMEI、型号)`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::nouns::{Brackets, Noun, inside};
use crate::policy::Lexicon;
use crate::policy::model::Extent;

/// Members read of one enumeration; the longest real ones have some sixty.
const MAX_MEMBERS: usize = 200;

/// Bytes between a connecting word and the first member.
const MAX_LEAD: usize = 48;

/// Bytes between two members of an enumeration.
const MAX_GAP: usize = 120;

/// A broader term and its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enumeration {
    /// Index of the broader term among the nouns.
    pub head: usize,
    /// Indexes of the members.
    pub members: Range<usize>,
    /// It names examples only.
    pub open: bool,
}

/// Words that may follow a term without changing it, and marks of footnotes.
static FILLER: Pattern = Pattern::new(
    r#"(?i)^[\s"'”’」*]*(?:相关)?(?:等)?(?:信息|数据|资料|内容|权限|类|\bdata\b|\binformation\b|\bidentifiers?\b)?[\s"'”’」*]*"#,
);

/// What joins a term with its members; the first group marks examples.
static CONNECTOR: Pattern = Pattern::new(
    r"(?ix)^\s*[,:(]?\s*(?:其中|其|可能|主要|具体|通常|一般|也|which\s+|that\s+|may\s+|can\s+|might\s+|also\s+)*
        (?:
          (包括但不限于|包含但不限于|包括但不仅限于|包括不限于|包含不限于|例如|比如|譬如|诸如|如
            |includ(?:e|es|ing)\W{1,2}(?:but|without)[\w\s]{0,12}limit(?:ed|ation)(?:\s+to)?
            |such\s+as|for\s+(?:example|instance)|e\.?g\b\.?|like\s)
          |包括有|包括|包含|含有|涵盖|系指|是指|即|为(?:以下)?:|指|有:|分为
          |includ(?:e|es|ing)\b|compris(?:es|ing)\b|consist(?:s|ing)\s+of|namely|i\.e\.?|that\s+is|meaning
          |:|[-–—]\s|——
        )\s*[,:]?\s*(?:以下|如下)?(?:信息|内容|类型|字段)?\s*:?\s*",
);

/// `设备信息中的IMEI`.
static OF: Pattern = Pattern::new(r"^\s*(?:中|里|之中)的?");

/// A bracket that opens with a purpose or a remark enumerates nothing.
static REMARK: Pattern = Pattern::new(
    r"(?i)^\s*(?:用于|为了?|以便|当|如果|若|需|在您|经您|通过|根据|详见|根據|to |for (?:the|use|push|ad)|when |if |used|based|derived|via |from |through )",
);

/// Words that open an enumeration of examples in a bracket.
static EXAMPLES: Pattern = Pattern::new(
    r"(?i)包括但不限于|包含但不限于|包括但不仅限于|不限于|例如|比如|诸如|^\s*如|such as|for (?:example|instance)|\be\.?g\b|without limitation|not limited to|^\s*like ",
);

/// What leaves an enumeration open behind its last member.
static AND_MORE: Pattern = Pattern::new(
    r"(?i)^[^、,;。:()\n]*?(?:等+(?:[^级待于同\p{Han}]|(?:信息|数据|相关|个人|设备|其他|其它|参数|内容|标识|情况|类|字段|权限|各|方式)|$)|…|\.\.\.)|^\W{0,3}(?:\w+\W{1,2}){0,2}?(?:etc\b|and so (?:on|forth)|and (?:other|similar|more|the like)|or (?:other|similar)|among others)|^[^;。\n]*\betc\b",
);

/// What stands between examples and their broader term: `IMEI、MAC等设备信息`.
static BEFORE: Pattern = Pattern::new(
    r"(?i)(?:等+(?:相关|其他|其它|各类|各种|您?的?)*|(?:及|和|与|或)?(?:其他|其它)(?:相关|类似)?|\b(?:and|or) (?:any )?(?:other|similar|further) (?:similar |related |unique )?)\s*$",
);

/// What parts two members of one list and nothing more.
static JOINT: Pattern = Pattern::new(
    r#"(?i)^(?:[\s、,/+&"'“”*()]|信息|地址|数据|号码?|以及|和|及|与|或|的|\b(?:and|or|the|your|address|addresses|number|data|information)\b)*$"#,
);

/// Words that end an enumeration between two nouns.
static ENDS: Pattern = Pattern::new(
    r"(?i)[。\n]|[.!?]\s|用于|用以|以便|目的|从而|为了|以(?:提供|实现|保障|完成)|收集|获取|采集|读取|需要|申请|\b(?:collect|purposes?|in order|so that|used (?:for|to)|to (?:provide|help|improve|deliver|show|serve|analy))",
);

/// Finds the enumerations of a passage, in the order of their heads.
pub(crate) fn enumerations(
    text: &str,
    nouns: &[Noun],
    brackets: &Brackets,
    lexicon: &Lexicon,
) -> Vec<Enumeration> {
    let passage = Passage {
        text,
        nouns,
        brackets,
        lexicon,
    };
    let mut found: Vec<Enumeration> = Vec::new();
    for (head, noun) in nouns.iter().enumerate() {
        let broad = |t: usize| lexicon.terms.is_broad(t);
        if !noun.first().is_some_and(broad) {
            continue;
        }
        let enumeration = passage
            .bracketed(head)
            .or_else(|| passage.connected(head))
            .or_else(|| passage.preceding(head));
        found.extend(enumeration);
    }
    found
}

/// Whether the meaning of a defined term names examples only.
pub(crate) fn is_open(meaning: &str, last_noun: usize) -> bool {
    EXAMPLES.is_match(meaning) || AND_MORE.is_match(meaning.get(last_noun..).unwrap_or_default())
}

/// The broader term that each noun is enumerated under, innermost.
pub(crate) fn heads(nouns: &[Noun], enumerations: &[Enumeration]) -> Vec<Option<usize>> {
    let mut heads = vec![None; nouns.len()];
    for enumeration in enumerations {
        let behind = enumeration.members.start > enumeration.head;
        for member in heads
            .get_mut(enumeration.members.clone())
            .into_iter()
            .flatten()
        {
            if behind || member.is_none() {
                *member = Some(enumeration.head);
            }
        }
    }
    heads
}

/// What a noun stands for beside itself.
pub(crate) fn extent(
    head: usize,
    noun: &Noun,
    enumerations: &[Enumeration],
    lexicon: &Lexicon,
) -> Extent {
    if !noun.first().is_some_and(|t| lexicon.terms.is_broad(t)) {
        return Extent::Exact;
    }
    let own = enumerations.binary_search_by_key(&head, |one| one.head);
    match own.ok().and_then(|at| enumerations.get(at)) {
        Some(one) if !one.open => Extent::Closed,
        _ => Extent::Open,
    }
}

struct Passage<'p> {
    text: &'p str,
    nouns: &'p [Noun],
    brackets: &'p Brackets,
    lexicon: &'p Lexicon,
}

impl Passage<'_> {
    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// `A(B、C)`; a bracket with a remark may stand between.
    fn bracketed(&self, head: usize) -> Option<Enumeration> {
        let noun = self.nouns.get(head)?;
        let mut at = noun.range.end;
        for _ in 0..3 {
            at += FILLER.find(self.rest(at)).map_or(0, |filler| filler.end());
            let inner = self.brackets.opening(self.text, at)?;
            let content = self.text.get(inner.clone())?;
            let members = inside(self.nouns, inner);
            let other = |noun: &Noun| noun.first() != self.nouns.get(head).and_then(Noun::first);
            let named = self.nouns.get(members.clone())?.iter().any(other);
            if named && !REMARK.is_match(content) {
                let last = self.nouns.get(members.end.checked_sub(1)?)?.range.end;
                let last = last.clamp(inner.start, inner.end);
                let tail = self.text.get(last..inner.end)?;
                let filler = self.text.get(noun.range.end..inner.start)?;
                let open =
                    EXAMPLES.is_match(content) || AND_MORE.is_match(tail) || filler.contains('等');
                return Some(Enumeration {
                    head,
                    members,
                    open,
                });
            }
            at = inner.end + self.rest(inner.end).chars().next()?.len_utf8();
        }
        None
    }

    /// `A:B、C`, `A,包括B、C`, `A such as B`, `A中的B`.
    fn connected(&self, head: usize) -> Option<Enumeration> {
        let noun = self.nouns.get(head)?;
        let filled = FILLER.find(self.rest(noun.range.end));
        let at = noun.range.end + filled.map_or(0, |filler| filler.end());
        let (length, open) = match CONNECTOR.captures(self.rest(at)) {
            Some(groups) => (groups.get(0)?.end(), groups.get(1).is_some()),
            None => (OF.find(self.rest(noun.range.end))?.end(), false),
        };
        let open = open || EXAMPLES.is_match(self.text.get(at..at + length)?);
        let from = at + length;
        let first = head + 1;
        let limit = self
            .brackets
            .around(noun.range.start)
            .map_or(self.text.len(), |inner| inner.end);
        let start = self.nouns.get(first)?.range.start;
        let lead = self.text.get(from..start)?;
        if start >= limit
            || lead.len() > MAX_LEAD
            || lead.contains([',', ';', '。', '\n'])
            || REMARK.is_match(lead)
        {
            return None;
        }
        let end = self.run(head, first, limit);
        let last = self.nouns.get(end.checked_sub(1)?)?.range.end;
        let more = AND_MORE.is_match(self.text.get(last..limit).unwrap_or_default());
        Some(Enumeration {
            head,
            members: first..end,
            open: open || more,
        })
    }

    /// The end of the run of members that starts at a noun.
    fn run(&self, head: usize, first: usize, limit: usize) -> usize {
        let mut end = first + 1;
        let mut semicolons = false;
        while end - first < MAX_MEMBERS {
            let (Some(last), Some(next)) = (self.nouns.get(end - 1), self.nouns.get(end)) else {
                break;
            };
            let gap = self.text.get(last.range.end..next.range.start);
            let gap = gap.unwrap_or_default();
            let same = |at: usize| self.brackets.around(at).map(|inner| inner.start);
            let within = same(next.range.start) != same(last.range.start);
            let sentence = gap.len() > MAX_GAP || ENDS.is_match(gap) && !within;
            if next.range.start >= limit || sentence || self.opens_group(head, end, gap) {
                break;
            }
            if gap.contains(';') {
                // `A:B;C;D`, but not `A:B、C;D`.
                if end - first > 1 && !semicolons {
                    break;
                }
                semicolons = true;
            }
            end += 1;
        }
        end
    }

    /// Whether a noun behind a comma, a semicolon or in front of a colon is no
    /// member but stands beside the head.
    fn opens_group(&self, head: usize, at: usize, gap: &str) -> bool {
        let (Some(noun), Some(head)) = (self.nouns.get(at), self.nouns.get(head)) else {
            return true;
        };
        let (Some(this), Some(above)) = (noun.first(), head.first()) else {
            return false;
        };
        let rest = self.rest(noun.range.end);
        let filled = FILLER.find(rest).map_or(0, |filler| filler.end());
        let label = rest.get(filled..).is_some_and(|rest| rest.starts_with(':'));
        let beside = self.lexicon.terms.is_broad(this)
            && this != above
            && !self.lexicon.terms.is_below(this, above);
        beside && (label || gap.contains([',', ';']) || gap.contains("以及"))
    }

    /// `B、C等A`, `B, C and other A`: examples in front of their broader term.
    fn preceding(&self, head: usize) -> Option<Enumeration> {
        let noun = self.nouns.get(head)?;
        let last = head.checked_sub(1)?;
        let gap = |from: usize, to: usize| {
            let from = self.nouns.get(from)?.range.end;
            self.text.get(from..self.nouns.get(to)?.range.start)
        };
        let between = gap(last, head)?;
        let word = BEFORE.find(between)?;
        let above = noun.first()?;
        let is_member = |at: usize| {
            let this = self.nouns.get(at).and_then(Noun::first);
            this.is_some_and(|this| {
                !self.lexicon.terms.is_broad(this) || self.lexicon.terms.is_below(this, above)
            })
        };
        if !JOINT.is_match(between.get(..word.start())?) || !is_member(last) {
            return None;
        }
        let mut first = last;
        while head - first < MAX_MEMBERS {
            let Some(before) = first.checked_sub(1) else {
                break;
            };
            if !is_member(before) || !gap(before, first).is_some_and(|gap| JOINT.is_match(gap)) {
                break;
            }
            first = before;
        }
        Some(Enumeration {
            head,
            members: first..head,
            open: true,
        })
    }
}

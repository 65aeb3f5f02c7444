//! What is said beside a data word: optional, on the device only, on one
//! platform only.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::nesting::Enumeration;
use super::nouns::{Brackets, Noun, inside};

/// What holds for one noun beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Qualities {
    pub optional: bool,
    pub local_only: bool,
    /// Ids in the order of a report.
    pub platforms: Vec<&'static str>,
}

static OPTIONAL: Pattern = Pattern::new(
    r"(?ix)可选(?:择(?:性|是否)|[^择]|$)|选填|选择性|非必[需须选要填]|可自行(?:选择|决定)|开发者(?:可|自行)选择|(?:视|取决于|由)开发者
        |(?:如|若|如果)(?:您|用户|开发者|你)?(?:单独|主动)?(?:授权|同意|开启|开通|选择|允许|启用|授予)
        |\boptional(?:ly)?\b|\bif\s+(?:you|the\s+(?:user|developer|app))\s+(?:choose|opt|enable|allow|grant|agree|consent)\w*|\b(?:if|when|where)\s+(?:enabled|granted|authori[sz]ed|permitted|provided)\b",
);

static REQUIRED: Pattern = Pattern::new(
    r"(?i)必选|必填|必[须要需]的?(?:信息|个人信息|数据)?[:(]|\brequired\b|\bmandatory\b",
);

static LOCAL: Pattern = Pattern::new(
    r"(?ix)仅(?:限)?(?:会)?(?:在|于|存储(?:在|于)|保存(?:在|于)|用于|留存于)?(?:您的?|用户)?(?:的)?(?:手机|设备|终端|客户端)?(?:本地|端侧|端上|设备端|设备上|设备内|终端上|终端内|本机(?:上|内|处理|使用|存储))
        |(?:不会|不|无需|均不|绝不)(?:会|被|将)*(?:上传|回传|传输|上报|离开(?:您的)?(?:设备|手机|终端))
        |(?:在|于)?(?:本地|端侧|设备端)(?:进行)?(?:处理|使用|计算|运算|加密计算|比对|识别|判断|验证)
        |\bon[-\ ]device\s+(?:only|processing)|\b(?:only|solely|locally)\s+on\s+(?:your|the|user'?s?)\s+(?:\w+\s+)?(?:device|phone)|\b(?:processed|stored|kept|used|remains?|stays?)\s+(?:only\s+|solely\s+|entirely\s+)?(?:locally|on[-\ ]device)\b|\b(?:remains?|stays?)\s+on\s+(?:your|the)\s+device
        |\b(?:not|never|n't)\s+(?:be\s+|is\s+|are\s+)?(?:transmitted|uploaded|sent\s+(?:to|off)|leaves?)\b|\bnever\s+leaves?\b",
);

static PLATFORM: Pattern = Pattern::new(
    r"(?i)android|安卓|ios|iphone|ipad|苹果(?:端|手机|设备|系统|平台|版|客户端|用户|:|\)|】)|harmony(?:os)?|鸿蒙",
);

/// What joins two platforms: `Android和iOS`.
static JOINS: Pattern =
    Pattern::new(r"(?i)^(?:[\s、,/&+]|端|系统|平台|设备|手机|版|和|及|与|以及|or|and|仅)*$");

/// What makes words a label of what follows: `iOS端:`, `可选信息:`.
static LABEL: Pattern = Pattern::new(r"(?i)^[^、,;。:()\[\]\n]{0,24}?[)\]】]?\s*:");

/// Marks that end a sentence.
const SENTENCE_ENDS: [char; 3] = ['。', ';', '\n'];

/// Words that say something of the nouns around them.
struct Mark {
    range: Range<usize>,
    says: Says,
}

#[derive(Clone, PartialEq, Eq)]
enum Says {
    Optional,
    Required,
    Local,
    Platforms(Vec<&'static str>),
}

impl Says {
    fn kind(&self) -> u8 {
        match self {
            Says::Optional | Says::Required => 0,
            Says::Local => 1,
            Says::Platforms(_) => 2,
        }
    }
}

/// What is said of each noun.
pub(crate) fn qualities(
    text: &str,
    nouns: &[Noun],
    brackets: &Brackets,
    enumerations: &[Enumeration],
) -> Vec<Qualities> {
    let mut qualities = vec![Qualities::default(); nouns.len()];
    let marks = marks(text, nouns);
    let mut reach = Reach {
        text,
        nouns,
        brackets,
        enumerations,
        headed: false,
    };
    let first = marks.iter().find(|mark| mark.says.kind() == 2);
    reach.headed = first.is_some_and(|mark| reach.heads(mark));
    for (at, mark) in marks.iter().enumerate() {
        let later = marks.get(at + 1..).unwrap_or_default();
        let next = later
            .iter()
            .find(|other| other.says.kind() == mark.says.kind());
        let next = next.map_or(text.len(), |other| other.range.start);
        if mark.says == Says::Required {
            continue; // it only ends what an optional label says
        }
        let of = reach.of(mark, next);
        for one in qualities.get_mut(of).into_iter().flatten() {
            match &mark.says {
                Says::Optional => one.optional = true,
                Says::Local => one.local_only = true,
                Says::Platforms(named) => {
                    one.platforms.extend(named);
                    one.platforms.sort_unstable();
                    one.platforms.dedup();
                }
                Says::Required => {}
            }
        }
    }
    qualities
}

/// The marks outside the nouns themselves, in order.
fn marks(text: &str, nouns: &[Noun]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let patterns = [
        (&OPTIONAL, Says::Optional),
        (&REQUIRED, Says::Required),
        (&LOCAL, Says::Local),
    ];
    let in_noun = |range: &Range<usize>| {
        let after = nouns.partition_point(|noun| noun.range.start <= range.start);
        let noun = after.checked_sub(1).and_then(|at| nouns.get(at));
        noun.is_some_and(|noun| noun.range.end >= range.end)
    };
    for (pattern, says) in patterns {
        let found = pattern.find_iter(text).map(|found| found.range());
        marks.extend(found.filter(|range| !in_noun(range)).map(|range| Mark {
            range,
            says: says.clone(),
        }));
    }
    for found in PLATFORM.find_iter(text) {
        let Some(platform) = platform(text, &found.range()).filter(|_| !in_noun(&found.range()))
        else {
            continue;
        };
        if let Some(Mark {
            range,
            says: Says::Platforms(named),
        }) = marks.last_mut()
            && JOINS.is_match(text.get(range.end..found.start()).unwrap_or_default())
            && text.get(range.end..found.start()) != Some("")
        {
            range.end = found.end();
            named.push(platform);
            continue;
        }
        marks.push(Mark {
            range: found.range(),
            says: Says::Platforms(vec![platform]),
        });
    }
    marks.sort_by_key(|mark| mark.range.start);
    marks
}

/// The platform that a word names, if it is a word of its own.
fn platform(text: &str, range: &Range<usize>) -> Option<&'static str> {
    let word = text.get(range.clone())?.to_ascii_lowercase();
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let before = text.get(..range.start)?.chars().next_back();
    let after = text.get(range.end..)?.chars().next();
    if word.is_ascii() && (letter(before) || letter(after)) {
        return None;
    }
    Some(match word.get(..3)? {
        "and" | "安" => "android",
        "har" | "鸿" => "harmony",
        _ => "ios",
    })
}

/// Where the sign of a bracket stands.
fn opening(text: &str, inner: &Range<usize>) -> usize {
    let head = text.get(..inner.start).unwrap_or_default();
    let sign = head.chars().next_back();
    inner.start - sign.map_or(0, char::len_utf8)
}

struct Reach<'p> {
    text: &'p str,
    nouns: &'p [Noun],
    brackets: &'p Brackets,
    enumerations: &'p [Enumeration],
    /// Platforms in brackets stand in front of what they speak of.
    headed: bool,
}

impl Reach<'_> {
    /// Whether a mark is all of a bracket that follows no noun.
    fn heads(&self, mark: &Mark) -> bool {
        let inner = self.brackets.around(mark.range.start);
        inner.is_some_and(|inner| {
            inside(self.nouns, inner).is_empty()
                && self.before(opening(self.text, inner)).is_empty()
        })
    }

    /// The nouns that a mark speaks of.
    fn of(&self, mark: &Mark, next: usize) -> Range<usize> {
        let rest = self.text.get(mark.range.end..).unwrap_or_default();
        let label = LABEL.is_match(rest);
        let Some(inner) = self.brackets.around(mark.range.start) else {
            return self.outside(mark, label, next, self.text.len());
        };
        let held = inside(self.nouns, inner);
        if held.is_empty() {
            let before = self.before(opening(self.text, inner));
            if before.is_empty() || self.headed && mark.says.kind() == 2 {
                let close = self
                    .text
                    .get(inner.end..)
                    .and_then(|rest| rest.chars().next());
                let from = inner.end + close.map_or(0, char::len_utf8);
                return inside(self.nouns, &(from..self.sentence_end(from).min(next)));
            }
            return before;
        }
        if label || self.leads(mark, inner.end) {
            return inside(self.nouns, &(mark.range.end..next.min(inner.end)));
        }
        let tagged = self.trailing(mark, inner.end);
        if !tagged.is_empty() {
            return tagged;
        }
        let before = self.before(opening(self.text, inner));
        let start = if before.is_empty() {
            held.start
        } else {
            before.start
        };
        start..held.end
    }

    /// The noun that ends right before a place, with what it enumerates.
    fn before(&self, at: usize) -> Range<usize> {
        let trimmed = self.text.get(..at).unwrap_or_default();
        let trimmed = trimmed.trim_end_matches([' ', '"', '”', '*']);
        let end = trimmed.len();
        if let Some(inner) = self.brackets.closing(self.text, end) {
            let held = inside(self.nouns, inner);
            return match self.direct(opening(self.text, inner)) {
                Some(head) => head..held.end.max(head + 1),
                None => held,
            };
        }
        self.direct(end).map_or(0..0, |noun| noun..noun + 1)
    }

    /// The noun right before a place.
    fn direct(&self, at: usize) -> Option<usize> {
        let after = self.nouns.partition_point(|noun| noun.range.start < at);
        let last = after.checked_sub(1)?;
        let gap = self.text.get(self.nouns.get(last)?.range.end..at)?;
        let filler = ["信息", "数据", "权限", "等", "地址", "data", "information"];
        let rest = filler
            .iter()
            .fold(gap.trim().to_owned(), |gap, word| gap.replace(word, ""));
        rest.trim_matches([' ', '"', '”', '*'])
            .is_empty()
            .then_some(last)
    }

    /// A mark between a noun and the next separator: `IDFA iOS、OAID`.
    fn trailing(&self, mark: &Mark, limit: usize) -> Range<usize> {
        let rest = self.text.get(mark.range.end..limit).unwrap_or_default();
        let ends = rest.trim_start().is_empty()
            || rest
                .trim_start()
                .starts_with(['、', ',', ';', '。', '/', '\n']);
        let head = self.text.get(..mark.range.start).unwrap_or_default();
        let head = head
            .trim_end_matches(['仅', '限'])
            .trim_end_matches("only")
            .trim_end();
        match self.direct(head.len()).filter(|_| ends) {
            Some(noun) => noun..noun + 1,
            None => 0..0,
        }
    }

    /// Whether a mark stands right in front of a noun: `iOS IDFA`.
    fn leads(&self, mark: &Mark, limit: usize) -> bool {
        let after = inside(self.nouns, &(mark.range.end..limit)).start;
        self.nouns.get(after).is_some_and(|noun| {
            let gap = self.text.get(mark.range.end..noun.range.start);
            noun.range.start < limit
                && gap.is_some_and(|gap| {
                    gap.chars().count() <= 8 && !gap.contains(['、', ',', ';', '。', '(', ')'])
                })
        })
    }

    /// A mark outside brackets.
    fn outside(&self, mark: &Mark, label: bool, next: usize, limit: usize) -> Range<usize> {
        let sentence =
            self.sentence_start(mark.range.start)..self.sentence_end(mark.range.end).min(limit);
        if label {
            return inside(self.nouns, &(mark.range.end..sentence.end.min(next)));
        }
        let tagged = self.trailing(mark, sentence.end);
        if !tagged.is_empty() && mark.says.kind() == 2 {
            return tagged;
        }
        let clause = self.clause(mark.range.start, &sentence);
        let after = inside(self.nouns, &(mark.range.end..clause.end.min(next)));
        if !after.is_empty() {
            return self.with_members(after);
        }
        let before = inside(self.nouns, &(clause.start..mark.range.start));
        if !before.is_empty() {
            return before;
        }
        let earlier = inside(self.nouns, &(sentence.start..mark.range.start));
        match mark.says {
            Says::Optional => inside(self.nouns, &(mark.range.end..sentence.end.min(next))),
            Says::Local => earlier,
            _ => 0..0,
        }
    }

    /// A range of nouns with what its last one enumerates.
    fn with_members(&self, of: Range<usize>) -> Range<usize> {
        let Some(last) = of.end.checked_sub(1) else {
            return of;
        };
        let own = self
            .enumerations
            .binary_search_by_key(&last, |one| one.head);
        let members = own.ok().and_then(|at| self.enumerations.get(at));
        let end = members.map_or(of.end, |one| one.members.end);
        of.start..end.max(of.end)
    }

    fn sentence_start(&self, at: usize) -> usize {
        let head = self.text.get(..at).unwrap_or_default();
        head.rfind(SENTENCE_ENDS).map_or(0, |mark| mark + 1)
    }

    fn sentence_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find(SENTENCE_ENDS)
            .map_or(self.text.len(), |mark| at + mark)
    }

    /// The clause around a place; commas inside brackets end none.
    fn clause(&self, at: usize, sentence: &Range<usize>) -> Range<usize> {
        let outside = |mark: usize| self.brackets.around(mark).is_none();
        let head = self.text.get(..at).unwrap_or_default();
        let start = head
            .rmatch_indices(',')
            .map(|(mark, _)| mark)
            .take(MAX_COMMAS)
            .find(|mark| outside(*mark))
            .map_or(sentence.start, |mark| sentence.start.max(mark + 1));
        let rest = self.text.get(at..).unwrap_or_default();
        let end = rest
            .match_indices(',')
            .map(|(mark, _)| at + mark)
            .take(MAX_COMMAS)
            .find(|mark| outside(*mark))
            .map_or(sentence.end, |mark| sentence.end.min(mark));
        start..end
    }
}

/// Commas looked at on each side of a mark.
const MAX_COMMAS: usize = 64;

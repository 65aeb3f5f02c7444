//! Which SDK categories a text speaks of, by the words of the vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::squash::{Squashed, squash};
use super::table::Table;
use crate::sdk::schema::{Catalogue, Purpose};

/// Categories named for one entry.
const MAX_CLASSES: usize = 4;

/// What a word that tells a category by itself counts more than a hint.
const WORD: u32 = 3;

/// Longest text searched, in bytes; purposes are a few lines.
const MAX_TEXT: usize = 4_000;

/// The words of all categories, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Purposes {
    /// Squashed words, each with the categories that it tells: the index of the
    /// category; whether the word tells it by itself.
    words: Table<(usize, bool)>,
    /// Whether letters may follow each of the words.
    stems: Vec<bool>,
    categories: Vec<String>,
    /// For each category the squashed words that tell a member of a family.
    members: Vec<Vec<String>>,
}

/// What a text says of one category.
#[derive(Debug, Default)]
struct Told {
    words: BTreeSet<usize>,
    hints: BTreeSet<usize>,
}

impl Purposes {
    pub fn compile(base: &Catalogue) -> Self {
        let mut tells: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
        let mut stems: BTreeMap<String, bool> = BTreeMap::new();
        for (index, purpose) in base.purposes.iter().enumerate() {
            let words = purpose.words.iter().map(|word| (word, true));
            let hints = purpose.hints.iter().map(|word| (word, false));
            for (word, strong) in words.chain(hints) {
                let squashed = squash(word.trim_end_matches('*'));
                if squashed.is_empty() {
                    continue;
                }
                *stems.entry(squashed.clone()).or_default() |= word.ends_with('*');
                tells.entry(squashed).or_default().push((index, strong));
            }
        }
        let members = |purpose: &Purpose| purpose.members.iter().map(|word| squash(word)).collect();
        Self {
            words: tells.into(),
            stems: stems.into_values().collect(),
            categories: base.purposes.iter().map(|p| p.category.clone()).collect(),
            members: base.purposes.iter().map(members).collect(),
        }
    }

    /// What a text says of each category that it speaks of.
    fn told(&self, text: &str) -> BTreeMap<usize, Told> {
        let mut end = text.len().min(MAX_TEXT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let squashed = Squashed::of(text.get(..end).unwrap_or_default());
        let hits = squashed
            .find(self.words.words())
            .filter(|&(start, end, word)| {
                squashed.is_word(start, end) || self.stems.get(word) == Some(&true)
            });
        let mut told: BTreeMap<usize, Told> = BTreeMap::new();
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, end, at) in hits {
            for &(category, strong) in self.words.row(at) {
                // `推送` inside `推送通知` of one category is no second word.
                let taken = ends.entry(category).or_default();
                if end <= *taken {
                    continue;
                }
                *taken = end;
                let told = told.entry(category).or_default();
                let kept = if strong {
                    &mut told.words
                } else {
                    &mut told.hints
                };
                kept.insert(at);
            }
        }
        told
    }

    /// How many words that tell a category's member of a family a squashed text
    /// holds, up to three.
    pub fn affinity(&self, category: &str, squashed: &str) -> u32 {
        let index = self.categories.iter().position(|name| name == category);
        let members = index.and_then(|index| self.members.get(index));
        let words = members.into_iter().flatten();
        let count = words
            .filter(|word| squashed.contains(word.as_str()))
            .count();
        count.min(3) as u32
    }

    /// The categories that purposes speak of, best first. Hints alone count
    /// only where no word tells a category.
    pub fn classes(&self, text: &str) -> Vec<String> {
        let told = self.told(text);
        let sure = told.values().any(|told| !told.words.is_empty());
        let mut ranked: Vec<(u32, usize)> = told
            .iter()
            .filter(|(_, told)| !sure || !told.words.is_empty())
            .map(|(category, told)| {
                let score = WORD * told.words.len() as u32 + told.hints.len() as u32;
                (score, *category)
            })
            .collect();
        let best = ranked.iter().map(|(score, _)| *score).max().unwrap_or(0);
        if !sure {
            ranked.retain(|(score, _)| *score == best);
        }
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked
            .into_iter()
            .take(MAX_CLASSES)
            .filter_map(|(_, category)| self.categories.get(category).cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn purposes_tell_their_categories_best_first() {
        let purposes = Purposes::compile(KnowledgeBase::embedded().catalogue());
        let table: [(&str, &[&str]); 24] = [
            ("向用户推送消息通知", &["push"]),
            ("用于统计分析页面访问情况", &["analytics"]),
            ("广告投放与监测", &["ads"]),
            ("统计渠道安装来源，进行归因", &["attribution"]),
            ("手机号一键登录", &["login"]),
            ("分享内容到微信朋友圈", &["social-share"]),
            ("用于用户付款支付", &["payment"]),
            ("展示附近门店的地图与导航", &["map-location"]),
            ("统计程序崩溃情况", &["crash"]),
            ("监控应用性能", &["apm"]),
            ("在线客服沟通", &["customer-service"]),
            ("人脸识别，实名认证", &["ocr-face"]),
            ("识别风险，反作弊", &["security-risk"]),
            ("获取OAID，生成设备标识", &["device-id"]),
            ("应用加固，防反编译", &["packer"]),
            ("播放短视频", &["media"]),
            ("To send push notifications", &["push"]),
            ("Analytics and crash reporting", &["analytics", "crash"]),
            ("serving and measuring advertisements", &["ads"]),
            ("payment processing", &["payment"]),
            ("Sign in with your account", &["login"]),
            ("fraud prevention", &["security-risk"]),
            ("simply improves", &[]),
            ("", &[]),
        ];
        let wrong: Vec<_> = table
            .iter()
            .map(|(text, expected)| (text, purposes.classes(text), expected))
            .filter(|(_, found, expected)| found != *expected)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

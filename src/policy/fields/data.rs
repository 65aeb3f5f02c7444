//! What an entry collects: its cells, the sentences about all entries, the
//! definitions of its terms and the permissions it asks for.

use std::collections::BTreeSet;
use std::ops::Range;

use super::mentions::{self, Mention};
use super::nesting;
use super::quote::{quote, written};
use crate::formats::limits::MAX_ENTRY_MENTIONS;
use crate::policy::Lexicon;
use crate::policy::definitions::Definition;
use crate::policy::document::Source;
use crate::policy::layout::Candidate;
use crate::policy::lexicon::TermHit;
use crate::policy::model::{DataMention, Extent, MentionBasis};
use crate::policy::page::Page;

/// What an entry names.
#[derive(Debug, Default)]
pub(super) struct Data {
    pub mentions: Vec<DataMention>,
    /// Vocabulary indexes.
    pub data_types: BTreeSet<usize>,
    pub permissions: BTreeSet<usize>,
}

/// Items of a list of data that name what a permission opens.
const SENSORS: [&str; 2] = ["microphone", "camera"];

/// A mention with its place in the page.
struct Placed {
    data_type: usize,
    range: Range<usize>,
    basis: MentionBasis,
    mention: Mention,
}

/// Reads all that a candidate says of data and permissions.
pub(super) fn read(
    candidate: &Candidate,
    platforms: &[String],
    page: &Page,
    source: &Source,
    lexicon: &Lexicon,
) -> Data {
    let mut reader = Reader {
        page,
        lexicon,
        asks: says_permission(candidate, page),
        placed: Vec::new(),
        permissions: BTreeSet::new(),
    };
    for range in &candidate.data {
        let note = candidate.notes.iter().find(|(head, _)| head == range);
        if let Some((_, note)) = note {
            reader.noted(range, note);
            continue;
        }
        reader.passage(range, MentionBasis::Listed, !candidate.prose);
        if !candidate.prose {
            reader.sensors(range);
        }
        let recording = lexicon.terms.recording_permissions(page.get(range));
        reader.permissions.extend(recording);
    }
    for range in &candidate.shared {
        reader.passage(range, MentionBasis::Shared, page.language() == "en");
    }
    for range in &candidate.permissions {
        reader.passage(range, MentionBasis::Permission, false);
        // A line break inside longer words parts no items.
        let words = page.get(range);
        let hits = lexicon.terms.find(words);
        let torn = |item: &Range<usize>| {
            let longer = |hit: &&TermHit| hit.range.contains(&item.start) && hit.range != *item;
            let hit = hits.iter().find(longer);
            hit.and_then(|hit| words.get(hit.range.clone()))
                .is_some_and(|hit| hit.contains('\n'))
        };
        let listed = lexicon.terms.listed_permissions(words);
        let listed = listed.filter(|(item, _)| !torn(item));
        let listed: Vec<usize> = listed.map(|(_, permission)| permission).collect();
        reader.permissions.extend(listed);
    }
    let words = candidate.data.iter().map(|range| page.get(range));
    let left_out: Vec<usize> = if candidate.definitions.is_empty() {
        Vec::new()
    } else {
        words
            .flat_map(|text| mentions::left_out(text, lexicon))
            .collect()
    };
    for definition in &candidate.definitions {
        reader.definition(definition, &left_out);
    }
    reader.finish(platforms, source)
}

/// Whether one of the cells speaks of permissions.
fn says_permission(candidate: &Candidate, page: &Page) -> bool {
    let cells = candidate.data.iter().chain(&candidate.permissions);
    cells
        .map(|range| page.get(range))
        .any(|text| text.contains("权限"))
}

struct Reader<'p> {
    page: &'p Page,
    lexicon: &'p Lexicon,
    /// The entry speaks of permissions.
    asks: bool,
    placed: Vec<Placed>,
    permissions: BTreeSet<usize>,
}

impl Reader<'_> {
    fn passage(&mut self, range: &Range<usize>, basis: MentionBasis, list: bool) {
        let text = self.page.get(range);
        for mention in mentions::read(text, self.lexicon, list) {
            self.permissions(text, &mention, basis);
            let implied = mention.noun.permission && basis != MentionBasis::Definition;
            let basis = if implied {
                MentionBasis::Permission
            } else {
                basis
            };
            self.place(range.start, mention, basis);
        }
    }

    /// A header that a cell ticks under a condition: `IMEI` with `仅iOS`.
    fn noted(&mut self, head: &Range<usize>, note: &Range<usize>) {
        let name = self.page.get(head);
        let text = format!("{name}({})", self.page.get(note));
        for mention in mentions::read(&text, self.lexicon, true) {
            if mention.noun.range.end <= name.len() {
                self.permissions(&text, &mention, MentionBasis::Listed);
                self.place(head.start, mention, MentionBasis::Listed);
            }
        }
    }

    fn permissions(&mut self, text: &str, mention: &Mention, basis: MentionBasis) {
        let terms = &self.lexicon.terms;
        let Some(hit) = &mention.noun.hit else {
            return;
        };
        if self.asks && basis != MentionBasis::Definition {
            self.permissions.extend(terms.state_permission(text, hit));
        }
        if basis == MentionBasis::Permission {
            self.permissions.extend(terms.asked_permission(hit));
        }
        self.permissions.extend(terms.permissions_of(hit));
    }

    /// Sensors in a list of data, by which their permissions are meant.
    fn sensors(&mut self, range: &Range<usize>) {
        let words = self.page.get(range);
        for (item, permission) in self.lexicon.terms.listed_permissions(words) {
            let item = words.get(item).unwrap_or_default().trim();
            if SENSORS
                .iter()
                .any(|sensor| item.eq_ignore_ascii_case(sensor))
            {
                self.permissions.insert(permission);
            }
        }
    }

    fn place(&mut self, offset: usize, mention: Mention, basis: MentionBasis) {
        for &data_type in &mention.noun.types {
            if self.placed.len() >= MAX_ENTRY_MENTIONS {
                return;
            }
            self.placed.push(Placed {
                data_type,
                range: offset + mention.noun.range.start..offset + mention.noun.range.end,
                basis,
                mention: mention.clone(),
            });
        }
    }

    /// What a definition behind or before the list says of a term. An
    /// enumeration in the entry itself is nearer and wins, and so does what the
    /// entry leaves out.
    fn definition(&mut self, definition: &Definition, left_out: &[usize]) {
        let term = mentions::read(self.page.get(&definition.term), self.lexicon, true);
        let head = term.first().and_then(|mention| mention.noun.first());
        let above = head.filter(|head| self.lexicon.terms.is_broad(*head));
        let of_head = |placed: &Placed| Some(placed.data_type) == head;
        let mut own = 0;
        let mut enumerated = 0;
        for placed in self.placed.iter().filter(|placed| of_head(placed)) {
            own += 1;
            enumerated += usize::from(placed.mention.enumerated);
        }
        let denied = own == 0 && head.is_some_and(|head| left_out.contains(&head));
        if denied || own > 0 && own == enumerated {
            return;
        }
        let text = self.page.get(&definition.meaning);
        let meaning = mentions::read(text, self.lexicon, true);
        let last = meaning.last().map_or(0, |mention| mention.noun.range.end);
        if !meaning.is_empty() && !nesting::is_open(text, last) {
            for placed in self.placed.iter_mut().filter(|placed| of_head(placed)) {
                if !placed.mention.enumerated && placed.mention.extent == Extent::Open {
                    placed.mention.extent = Extent::Closed;
                }
            }
        }
        let kept = |mention: &Mention| !mention.noun.types.iter().any(|t| left_out.contains(t));
        for mut mention in meaning.into_iter().filter(kept) {
            self.permissions(text, &mention, MentionBasis::Definition);
            mention.within = mention.within.or(above);
            self.place(definition.meaning.start, mention, MentionBasis::Definition);
        }
    }

    fn finish(mut self, platforms: &[String], source: &Source) -> Data {
        let order = |placed: &Placed| (placed.range.start, placed.data_type, placed.basis as u8);
        self.placed.sort_by_key(order);
        self.placed
            .dedup_by_key(|placed| (placed.range.start, placed.data_type));
        let terms = &self.lexicon.terms;
        let mut mentions = Vec::with_capacity(self.placed.len());
        for placed in &self.placed {
            let place = quote(self.page, source, &placed.range);
            let own = &placed.mention.qualities.platforms;
            let platforms = if !own.is_empty() {
                own.iter().map(|platform| (*platform).to_owned()).collect()
            } else if terms.is_of_ios(placed.data_type) {
                vec!["ios".to_owned()]
            } else {
                platforms.to_vec()
            };
            let within = placed
                .mention
                .within
                .filter(|above| *above != placed.data_type);
            mentions.push(DataMention {
                data_type: terms.type_id(placed.data_type).to_owned(),
                as_written: written(self.page, source, &placed.range),
                start: place.start,
                end: place.end,
                basis: placed.basis,
                within: within.map(|above| terms.type_id(above).to_owned()),
                extent: if terms.is_broad(placed.data_type) {
                    placed.mention.extent
                } else {
                    Extent::Exact
                },
                optional: placed.mention.qualities.optional,
                local_only: placed.mention.qualities.local_only,
                platforms,
            });
        }
        Data {
            mentions,
            data_types: self.placed.iter().map(|placed| placed.data_type).collect(),
            permissions: self.permissions,
        }
    }
}

//! What the cells of a column hold, and so what an unheaded or oddly headed
//! column is. A column of a table and a key that comes back in every block are
//! told apart the same way.

use std::ops::Range;

use super::{density, grid, is_company, is_none_word};
use crate::policy::Lexicon;
use crate::policy::page::Page;
use crate::policy::roles::{self, Role};
use crate::policy::url;

/// Cells of a column looked at: enough to tell what it holds.
const SAMPLE: usize = 40;

/// Share of the cells that must agree.
const MOST: f32 = 0.5;

/// Longest cell that may be a name, in characters.
const MAX_NAME: usize = 40;

/// Shares of the filled cells of a column that hold something, 0 to 1.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Shape {
    /// Cells that hold anything but "none".
    filled: usize,
    numbers: f32,
    links: f32,
    companies: f32,
    permissions: f32,
    data: f32,
    /// Known names and names that end in SDK.
    pub names: f32,
    /// Short cells without the marks of a sentence or a list.
    short: f32,
    /// Different cells among all.
    distinct: f32,
}

impl Shape {
    /// Looks at the cells of one column.
    pub fn of<'r>(
        page: &Page,
        lexicon: &Lexicon,
        cells: impl Iterator<Item = &'r Range<usize>>,
    ) -> Self {
        let cells: Vec<&Range<usize>> = cells
            .filter(|cell| {
                let text = page.get(cell).trim();
                !text.is_empty() && !is_none_word(text)
            })
            .take(SAMPLE)
            .collect();
        let share = |test: &dyn Fn(&str) -> bool| {
            let count = cells.iter().filter(|cell| test(page.get(cell).trim()));
            count.count() as f32 / cells.len().max(1) as f32
        };
        let mut texts: Vec<&str> = cells.iter().map(|cell| page.get(cell).trim()).collect();
        texts.sort_unstable();
        texts.dedup();
        let linked = |cell: &&&Range<usize>| {
            let text = page.get(cell);
            // `查看` is nothing but a link.
            let whole = |link: &crate::policy::page::Link| {
                link.range.start <= cell.start + 2 && cell.end <= link.range.end + 2
            };
            !url::find(text).is_empty()
                || page
                    .link_in(cell)
                    .is_some_and(|link| whole(link) || roles::of(text) == Some(Role::Url))
        };
        Shape {
            filled: cells.len(),
            numbers: share(&|text| text.trim_end_matches(['.', '、']).parse::<u32>().is_ok()),
            links: cells.iter().filter(linked).count() as f32 / cells.len().max(1) as f32,
            companies: share(&is_company),
            permissions: share(&|text| lists_permissions(text)),
            data: share(&|text| density(text, lexicon) > 0.4),
            names: share(&|text| grid::is_name(text, lexicon)),
            short: share(&|text| {
                text.chars().count() <= MAX_NAME && !text.contains(['。', ',', ';', ':'])
            }),
            distinct: texts.len() as f32 / cells.len().max(1) as f32,
        }
    }

    /// How much a column looks like one of names; none when it cannot be one.
    fn name_like(&self) -> Option<f32> {
        let other = self.links > MOST
            || self.companies > MOST
            || self.data > MOST
            || self.permissions > MOST
            || self.numbers > MOST;
        let fits = !other && self.filled > 0 && self.short > 0.7 && self.distinct > 0.6;
        fits.then_some(self.names * 2.0 + self.distinct)
    }

    /// What the cells say by themselves, the name apart.
    pub fn role(&self) -> Option<Role> {
        if self.filled == 0 {
            None
        } else if self.numbers > 0.6 {
            Some(Role::Index)
        } else if self.links > MOST {
            Some(Role::Url)
        } else if self.companies > MOST {
            Some(Role::Vendor)
        } else if self.permissions > MOST {
            Some(Role::Permission)
        } else if self.data > MOST {
            Some(Role::Data)
        } else {
            None
        }
    }
}

/// Gives each column a role: the one its header names, else what its cells
/// hold; of what is left one column is that of the names, the others tell
/// purposes.
pub(super) fn assign(shapes: &[Shape], headed: &[Option<Role>]) -> Vec<Role> {
    let mut roles: Vec<Option<Role>> = headed.to_vec();
    roles.resize(shapes.len(), None);
    for (at, shape) in shapes.iter().enumerate() {
        let told = shape.role().filter(|role| !roles.contains(&Some(*role)));
        if let Some(role @ None) = roles.get_mut(at) {
            *role = told;
        }
    }
    let named = |role: &Option<Role>| matches!(role, Some(Role::Name | Role::Party));
    if !roles.iter().any(named) {
        let best = shapes
            .iter()
            .enumerate()
            .filter(|(at, _)| roles.get(*at) == Some(&None))
            .filter_map(|(at, shape)| Some((at, shape.name_like()?)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some(role) = best.and_then(|(at, _)| roles.get_mut(at)) {
            *role = Some(Role::Name);
        }
    }
    roles
        .into_iter()
        .map(|role| role.unwrap_or(Role::Purpose))
        .collect()
}

/// Whether columns hold what only a list of third parties does: products,
/// companies or their pages.
pub(super) fn names_third_parties(shapes: &[Shape]) -> bool {
    shapes
        .iter()
        .any(|shape| shape.companies > 0.3 || shape.links > 0.3 || shape.names > 0.3)
}

/// Longest words for one permission, in characters.
const MAX_PERMISSION: usize = 12;

/// Verbs that the words for a permission open with.
const GRANTED: [&str; 8] = [
    "读取", "写入", "读写", "访问", "获取", "使用", "拨打", "发送",
];

/// Whether a cell names permissions: `READ_PHONE_STATE`, `相机权限`, `读取电话状态`.
pub(super) fn lists_permissions(text: &str) -> bool {
    let granted = |item: &str| {
        let verb = GRANTED.iter().any(|verb| item.starts_with(verb));
        verb && item.chars().count() <= MAX_PERMISSION
    };
    let constant = |word: &str| {
        word.contains('_')
            && word.len() > 5
            && word
                .bytes()
                .all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'0'..=b'9' | b'.'))
    };
    text.contains("权限")
        || text.contains("permission")
        || text
            .split(['、', ',', ';', '\n'])
            .map(str::trim)
            .all(granted)
        || text
            .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
            .any(|word| constant(word.rsplit('.').next().unwrap_or(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;
    use crate::sdk::KnowledgeBase;

    /// Roles of a table given as columns of cells.
    fn roles(columns: &[&[&str]], headed: &[Option<Role>]) -> Vec<Role> {
        let lexicon = Lexicon::compile(&KnowledgeBase::without_signatures());
        let text = columns.concat().join("\n");
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let mut lines = page.blocks.iter().map(|block| match block {
            crate::policy::page::Block::Line(line) => line.range.clone(),
            crate::policy::page::Block::Table(_) => unreachable!("plain text has no tables"),
        });
        let shapes: Vec<Shape> = columns
            .iter()
            .map(|column| {
                let cells: Vec<_> = lines.by_ref().take(column.len()).collect();
                Shape::of(&page, &lexicon, cells.iter())
            })
            .collect();
        assign(&shapes, headed)
    }

    #[test]
    fn cells_tell_what_no_header_says() {
        let columns: [&[&str]; 5] = [
            &["灰雁统计", "蓝鲸支付", "远山地图"],
            &["灰雁科技有限公司", "蓝鲸网络有限公司", "远山股份有限公司"],
            &["看日活", "付款", "看附近门店"],
            &["设备型号、OAID", "IP地址", "位置信息、设备型号"],
            &[
                "https://a.example/p",
                "https://b.example/p",
                "https://c.example/p",
            ],
        ];
        let found = roles(&columns, &[None; 5]);
        assert_eq!(
            found,
            [
                Role::Name,
                Role::Vendor,
                Role::Purpose,
                Role::Data,
                Role::Url
            ]
        );
    }

    #[test]
    fn a_header_is_believed_before_the_cells() {
        let columns: [&[&str]; 2] = [&["设备型号", "位置信息"], &["灰雁统计", "远山地图"]];
        let found = roles(&columns, &[Some(Role::Name), None]);
        assert_eq!(found, [Role::Name, Role::Purpose]);
    }
}

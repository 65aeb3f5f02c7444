//! The classes of the Android platform: what they extend and which methods an
//! app may override, so that the platform calls them. The facts are in
//! `framework.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

/// One class of the platform.
#[derive(Debug, Clone, Copy)]
struct Row {
    superclass: &'static str,
    interfaces: &'static str,
    methods: &'static str,
}

/// The platform's classes, by name (`android/app/Activity`).
#[derive(Debug)]
pub struct Framework {
    rows: HashMap<&'static str, Row>,
}

const FACTS: &str = include_str!("framework.txt");

impl Framework {
    /// The embedded facts, read when first asked for.
    pub fn get() -> &'static Self {
        static READ: OnceLock<Framework> = OnceLock::new();
        READ.get_or_init(|| Self {
            rows: FACTS.lines().filter_map(Row::read).collect(),
        })
    }

    /// Whether a class (name without `L` and `;`) belongs to the platform.
    pub fn contains(&self, class: &str) -> bool {
        self.rows.contains_key(class)
    }

    /// Calls `visit` for a class and all its supertypes, nearest first, each
    /// once: `java/lang/Object` last.
    pub fn each_supertype(&self, class: &str, mut visit: impl FnMut(&str)) {
        let mut seen = vec![class];
        let mut at = 0;
        while let Some(&class) = seen.get(at) {
            at += 1;
            visit(class);
            let Some(row) = self.rows.get(class) else {
                continue;
            };
            let interfaces = row.interfaces.split(',');
            for supertype in std::iter::once(row.superclass).chain(interfaces) {
                if !supertype.is_empty() && !seen.contains(&supertype) {
                    seen.push(supertype);
                }
            }
        }
    }

    /// The methods that a class itself adds to what its subclasses may override.
    pub fn methods(&self, class: &str) -> impl Iterator<Item = &'static str> {
        let methods = self.rows.get(class).map_or("", |row| row.methods);
        methods.split(',').filter(|name| !name.is_empty())
    }
}

impl Row {
    fn read(line: &'static str) -> Option<(&'static str, Self)> {
        let mut parts = line.split(' ');
        let class = parts.next().filter(|name| !name.starts_with('#'))?;
        let superclass = match parts.next().unwrap_or_default() {
            "-" => "java/lang/Object",
            other => other,
        };
        let row = Self {
            superclass,
            interfaces: parts.next().unwrap_or_default(),
            methods: parts.next().unwrap_or_default(),
        };
        Some((class, row))
    }
}

/// What only a user's action makes the platform call: the type that declares
/// the method, and the method. Sources: the reference pages of `View`,
/// `DialogInterface`, `AdapterView` and the widgets on developer.android.com.
const USER_ACTIONS: [(&str, &str); 31] = [
    ("android/app/Activity", "onBackPressed"),
    ("android/app/Activity", "onContextItemSelected"),
    ("android/app/Activity", "onMenuItemSelected"),
    ("android/app/Activity", "onOptionsItemSelected"),
    ("android/app/Activity", "onRequestPermissionsResult"),
    ("android/app/Activity", "onUserInteraction"),
    ("android/app/DatePickerDialog$OnDateSetListener", "onDateSet"),
    ("android/app/TimePickerDialog$OnTimeSetListener", "onTimeSet"),
    ("android/content/DialogInterface$OnCancelListener", "onCancel"),
    ("android/content/DialogInterface$OnClickListener", "onClick"),
    ("android/content/DialogInterface$OnKeyListener", "onKey"),
    ("android/content/DialogInterface$OnMultiChoiceClickListener", "onClick"),
    ("android/text/TextWatcher", "afterTextChanged"),
    ("android/text/style/ClickableSpan", "onClick"),
    ("android/view/GestureDetector$OnDoubleTapListener", "onDoubleTap"),
    ("android/view/GestureDetector$OnGestureListener", "onSingleTapUp"),
    ("android/view/KeyEvent$Callback", "onKeyDown"),
    ("android/view/KeyEvent$Callback", "onKeyUp"),
    ("android/view/MenuItem$OnMenuItemClickListener", "onMenuItemClick"),
    ("android/view/View", "onTouchEvent"),
    ("android/view/View$OnClickListener", "onClick"),
    ("android/view/View$OnKeyListener", "onKey"),
    ("android/view/View$OnLongClickListener", "onLongClick"),
    ("android/view/View$OnTouchListener", "onTouch"),
    ("android/widget/AdapterView$OnItemClickListener", "onItemClick"),
    ("android/widget/AdapterView$OnItemLongClickListener", "onItemLongClick"),
    ("android/widget/AdapterView$OnItemSelectedListener", "onItemSelected"),
    ("android/widget/CompoundButton$OnCheckedChangeListener", "onCheckedChanged"),
    ("android/widget/RadioGroup$OnCheckedChangeListener", "onCheckedChanged"),
    ("android/widget/SeekBar$OnSeekBarChangeListener", "onProgressChanged"),
    ("android/widget/TextView$OnEditorActionListener", "onEditorAction"),
];

/// Whether the platform calls this method of this type only upon an action of
/// the user.
pub fn is_user_action(class: &str, method: &str) -> bool {
    USER_ACTIONS.binary_search(&(class, method)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supertypes(class: &str) -> Vec<String> {
        let mut all = Vec::new();
        Framework::get().each_supertype(class, |name| all.push(name.to_owned()));
        all
    }

    #[test]
    fn the_platform_knows_what_extends_what() {
        let all = supertypes("android/app/Activity");
        assert!(all.iter().any(|name| name == "android/content/Context"));
        assert!(all.iter().any(|name| name == "java/lang/Object"));
        assert!(supertypes("java/lang/Thread").contains(&"java/lang/Runnable".to_owned()));
        assert!(!Framework::get().contains("com/example/App"));
    }

    #[test]
    fn the_facts_are_sorted_and_name_only_classes_that_they_have() {
        let names: Vec<&str> = FACTS
            .lines()
            .filter_map(|line| Some(Row::read(line)?.0))
            .collect();
        assert_eq!(names.len(), Framework::get().rows.len());
        let used = ["java/lang/Object", "java/lang/Runnable", "android/os/Handler"];
        assert!(used.iter().all(|name| names.contains(name)));
    }

    #[test]
    fn user_actions_are_sorted_and_exist() {
        assert!(USER_ACTIONS.is_sorted());
        for (class, method) in USER_ACTIONS {
            let mut found = false;
            Framework::get().each_supertype(class, |name| {
                found |= Framework::get().methods(name).any(|m| m == method);
            });
            assert!(found, "{class} {method}");
        }
    }
}

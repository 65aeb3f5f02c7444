//! The classes of the Android platform: what they extend and which methods an
//! app may override, so that the platform calls them. The facts are in
//! `framework.txt`.

use std::sync::OnceLock;

/// The platform's classes, sorted by name (`android/app/Activity`), each with
/// its line of facts.
#[derive(Debug)]
pub struct Framework {
    lines: Vec<&'static str>,
}

/// One class of the platform.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    superclass: &'static str,
    interfaces: &'static str,
    methods: &'static str,
}

const FACTS: &str = include_str!("framework.txt");

impl Framework {
    /// The embedded facts; their lines are found when first asked for, and read
    /// when looked up.
    pub fn get() -> &'static Self {
        static READ: OnceLock<Framework> = OnceLock::new();
        READ.get_or_init(|| Self {
            lines: FACTS
                .lines()
                .filter(|line| !line.starts_with('#'))
                .collect(),
        })
    }

    fn row(&self, class: &str) -> Option<Row> {
        let found = self.lines.binary_search_by_key(&class, |line| name(line));
        Some(Row::read(self.lines.get(found.ok()?)?))
    }

    /// Whether a class (name without `L` and `;`) belongs to the platform.
    pub fn contains(&self, class: &str) -> bool {
        self.row(class).is_some()
    }

    /// Calls `visit` for a class and all its supertypes, nearest first, each
    /// once: `java/lang/Object` last.
    pub fn each_supertype(&self, class: &str, mut visit: impl FnMut(&str)) {
        let mut seen = vec![class];
        let mut at = 0;
        while let Some(&class) = seen.get(at) {
            at += 1;
            visit(class);
            let Some(row) = self.row(class) else {
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
        let methods = self.row(class).unwrap_or_default().methods;
        methods.split(',').filter(|name| !name.is_empty())
    }
}

/// The class of a line.
fn name(line: &str) -> &str {
    line.split(' ').next().unwrap_or(line)
}

impl Row {
    fn read(line: &'static str) -> Self {
        let mut parts = line.split(' ').skip(1);
        let superclass = match parts.next().unwrap_or_default() {
            "-" => "java/lang/Object",
            other => other,
        };
        Self {
            superclass,
            interfaces: parts.next().unwrap_or_default(),
            methods: parts.next().unwrap_or_default(),
        }
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
    (
        "android/app/DatePickerDialog$OnDateSetListener",
        "onDateSet",
    ),
    (
        "android/app/TimePickerDialog$OnTimeSetListener",
        "onTimeSet",
    ),
    (
        "android/content/DialogInterface$OnCancelListener",
        "onCancel",
    ),
    ("android/content/DialogInterface$OnClickListener", "onClick"),
    ("android/content/DialogInterface$OnKeyListener", "onKey"),
    (
        "android/content/DialogInterface$OnMultiChoiceClickListener",
        "onClick",
    ),
    ("android/text/TextWatcher", "afterTextChanged"),
    ("android/text/style/ClickableSpan", "onClick"),
    (
        "android/view/GestureDetector$OnDoubleTapListener",
        "onDoubleTap",
    ),
    (
        "android/view/GestureDetector$OnGestureListener",
        "onSingleTapUp",
    ),
    ("android/view/KeyEvent$Callback", "onKeyDown"),
    ("android/view/KeyEvent$Callback", "onKeyUp"),
    (
        "android/view/MenuItem$OnMenuItemClickListener",
        "onMenuItemClick",
    ),
    ("android/view/View", "onTouchEvent"),
    ("android/view/View$OnClickListener", "onClick"),
    ("android/view/View$OnKeyListener", "onKey"),
    ("android/view/View$OnLongClickListener", "onLongClick"),
    ("android/view/View$OnTouchListener", "onTouch"),
    (
        "android/widget/AdapterView$OnItemClickListener",
        "onItemClick",
    ),
    (
        "android/widget/AdapterView$OnItemLongClickListener",
        "onItemLongClick",
    ),
    (
        "android/widget/AdapterView$OnItemSelectedListener",
        "onItemSelected",
    ),
    (
        "android/widget/CompoundButton$OnCheckedChangeListener",
        "onCheckedChanged",
    ),
    (
        "android/widget/RadioGroup$OnCheckedChangeListener",
        "onCheckedChanged",
    ),
    (
        "android/widget/SeekBar$OnSeekBarChangeListener",
        "onProgressChanged",
    ),
    (
        "android/widget/TextView$OnEditorActionListener",
        "onEditorAction",
    ),
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
    fn the_facts_are_sorted_and_each_class_stands_once() {
        let names: Vec<&str> = Framework::get()
            .lines
            .iter()
            .map(|line| name(line))
            .collect();
        assert!(names.is_sorted());
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        for class in [
            "java/lang/Object",
            "java/lang/Runnable",
            "android/os/Handler",
        ] {
            assert!(Framework::get().contains(class), "{class}");
        }
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

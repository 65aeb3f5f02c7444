//! How long a policy takes to read: `cargo bench --bench policy_read [-- FILE...]`.
//!
//! Without files, 200 KB of the policies of `samples/` and `tests/fixtures/`, one
//! text of the Chinese ones and one of the English ones. Each text is read once
//! cold, which compiles the patterns it needs, then again and again; the least
//! and the middle time are told, and what a byte costs.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sdkaudit::policy::{Lexicon, read};
use sdkaudit::sdk::KnowledgeBase;

/// Bytes of a text that is put together here.
const BYTES: usize = 200_000;
/// Readings behind the cold one.
const READINGS: usize = 30;

fn main() {
    let start = Instant::now();
    let lexicon = Lexicon::compile(&KnowledgeBase::embedded());
    println!("words ready: {}", milliseconds(start.elapsed()));
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if files.is_empty() {
        for (name, chinese) in [("zh.txt", true), ("en.txt", false)] {
            measure(name, put_together(chinese).as_bytes(), &lexicon);
        }
    }
    for file in files {
        match std::fs::read(&file) {
            Ok(bytes) => measure(&file, &bytes, &lexicon),
            Err(error) => eprintln!("{file}: {error}"),
        }
    }
}

fn measure(name: &str, bytes: &[u8], lexicon: &Lexicon) {
    let once = || {
        let start = Instant::now();
        let document = read(name, bytes, lexicon).expect("a policy");
        (start.elapsed(), document.sdks.len())
    };
    let (cold, sdks) = once();
    let mut times: Vec<Duration> = (0..READINGS).map(|_| once().0).collect();
    times.sort();
    let (least, middle) = (times[0], times[READINGS / 2]);
    println!(
        "{name}: {} bytes, {sdks} SDKs, cold {}, then least {}, middle {}, {:.0} ns a byte",
        bytes.len(),
        milliseconds(cold),
        milliseconds(least),
        milliseconds(middle),
        middle.as_nanos() as f64 / bytes.len() as f64,
    );
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// The project's own policies of one language, one behind the other.
fn put_together(chinese: bool) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("samples"), &mut files);
    collect(&root.join("tests/fixtures/policy"), &mut files);
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .filter(|text| is_chinese(text) == chinese)
        .collect();
    let mut whole = String::new();
    while whole.len() < BYTES {
        texts.iter().for_each(|text| whole.push_str(text));
    }
    let end = (0..=BYTES).rev().find(|at| whole.is_char_boundary(*at));
    whole.truncate(end.unwrap_or_default());
    whole
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let kind = path.extension().and_then(|ending| ending.to_str());
        if path.is_dir() && !path.ends_with("expected") {
            collect(&path, files);
        } else if matches!(kind, Some("txt" | "md")) && !path.ends_with("README.md") {
            files.push(path);
        }
    }
}

fn is_chinese(text: &str) -> bool {
    let han = text
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
    han.count() * 6 > text.len()
}

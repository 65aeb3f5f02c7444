//! Which language a document is written in, where it is none that is read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Letters, and words, from which a language is told.
const MIN_LETTERS: usize = 40;
const MIN_WORDS: usize = 5;

/// One letter of so many that belongs to another script makes a document one
/// of that script: Japanese and Korean are mixed with others.
const SCRIPT_SHARE: usize = 4;

/// Words looked at.
const MAX_WORDS: usize = 20_000;

/// Longest of the words below, in bytes.
const MAX_SMALL: usize = 12;

/// Words that any English text is full of, and few others hold.
const ENGLISH: [&str; 25] = [
    "the", "of", "and", "we", "you", "your", "our", "is", "that", "for", "by", "with", "this",
    "may", "are", "not", "it", "from", "will", "to", "or", "any", "be", "have", "as",
];

/// Words that texts of other languages in Latin letters are full of.
const OTHERS: [(&str, &[&str]); 12] = [
    (
        "German",
        &[
            "und", "der", "die", "das", "wir", "für", "von", "nicht", "den", "mit", "zu", "ist",
            "oder", "werden", "sie", "wird", "ein", "eine", "um", "auf", "im",
        ],
    ),
    (
        "French",
        &[
            "le", "la", "les", "des", "et", "vous", "nous", "pour", "du", "une", "que", "est",
            "sont", "votre", "vos", "nos", "par", "dans", "avec", "sur",
        ],
    ),
    (
        "Spanish",
        &[
            "el", "la", "los", "las", "y", "para", "que", "con", "por", "sus", "del", "una", "su",
            "es", "se", "nuestra", "usted", "de", "en",
        ],
    ),
    (
        "Portuguese",
        &[
            "os", "as", "da", "do", "dos", "das", "para", "que", "não", "com", "uma", "você", "e",
            "seus", "nossos", "por", "em", "de",
        ],
    ),
    (
        "Italian",
        &[
            "il", "che", "per", "dei", "della", "con", "gli", "di", "e", "sono", "nostra", "una",
            "le", "dati", "questo", "del",
        ],
    ),
    (
        "Dutch",
        &[
            "de", "het", "een", "van", "en", "voor", "wij", "uw", "niet", "zijn", "met", "op",
            "worden", "deze",
        ],
    ),
    (
        "Polish",
        &[
            "i", "w", "na", "do", "z", "się", "oraz", "nie", "jest", "dla", "przez", "lub", "że",
        ],
    ),
    (
        "Turkish",
        &[
            "ve",
            "bir",
            "bu",
            "için",
            "ile",
            "veya",
            "olarak",
            "da",
            "de",
            "tarafından",
        ],
    ),
    (
        "Vietnamese",
        &[
            "và", "của", "các", "cho", "không", "chúng", "tôi", "bạn", "được", "là", "có", "với",
        ],
    ),
    (
        "Indonesian or Malay",
        &[
            "dan", "yang", "untuk", "dengan", "kami", "anda", "dari", "atau", "di", "ini",
        ],
    ),
    (
        "a Scandinavian language",
        &[
            "och", "att", "för", "som", "og", "til", "vi", "av", "på", "ikke", "inte", "eller",
            "af",
        ],
    ),
    (
        "Czech or Slovak",
        &[
            "a", "se", "na", "pro", "nebo", "které", "že", "jsou", "je", "alebo",
        ],
    ),
];

/// For each small word the languages that are full of it, as places in [`OTHERS`];
/// English comes behind them.
static LANGUAGES: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut languages: HashMap<&str, Vec<usize>> = HashMap::new();
    let english = std::iter::once(ENGLISH.as_slice());
    let all = OTHERS.iter().map(|(_, words)| *words).chain(english);
    for (at, words) in all.enumerate() {
        for word in words {
            languages.entry(word).or_default().push(at);
        }
    }
    languages
});

/// The language of a text that is neither Chinese nor English; none where it
/// is one of these or too short to tell.
pub(crate) fn foreign(text: &str) -> Option<&'static str> {
    script(text).or_else(|| latin(text))
}

/// Told by the script.
fn script(text: &str) -> Option<&'static str> {
    let mut letters = 0usize;
    let mut found = [0usize; SCRIPTS.len()];
    for c in text.chars().filter(|c| is_letter(*c)) {
        letters += 1;
        if is_ideograph(c) {
            continue; // of no script below
        }
        let own = |(_, ranges): &(&str, &[(char, char)])| {
            ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))
        };
        if c >= '\u{370}'
            && let Some(at) = SCRIPTS.iter().position(own)
            && let Some(count) = found.get_mut(at)
        {
            *count += 1;
        }
    }
    let most = found.iter().enumerate().max_by_key(|(_, count)| **count);
    let (at, count) = most?;
    let told = letters >= MIN_LETTERS && count * SCRIPT_SHARE >= letters;
    SCRIPTS.get(at).filter(|_| told).map(|(name, _)| *name)
}

/// A letter; nearly all of a text is told without the tables of Unicode.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphabetic(),
        _ => is_ideograph(c) || c.is_alphabetic(),
    }
}

/// A unified ideograph of the basic plane.
pub(crate) fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Scripts of other languages.
const SCRIPTS: [(&str, &[(char, char)]); 9] = [
    ("Japanese", &[('\u{3041}', '\u{30ff}')]),
    (
        "Korean",
        &[('\u{1100}', '\u{11ff}'), ('\u{ac00}', '\u{d7a3}')],
    ),
    ("Cyrillic letters", &[('\u{400}', '\u{52f}')]),
    ("Greek", &[('\u{370}', '\u{3ff}')]),
    ("Hebrew", &[('\u{590}', '\u{5ff}')]),
    ("Arabic letters", &[('\u{600}', '\u{77f}')]),
    ("a script of India", &[('\u{900}', '\u{dff}')]),
    ("Thai or Lao", &[('\u{e00}', '\u{eff}')]),
    (
        "a script of South-East Asia",
        &[('\u{1000}', '\u{109f}'), ('\u{1780}', '\u{17ff}')],
    ),
];

/// Latin letters: told by the small words, of which a list of names and
/// companies has none in any language.
fn latin(text: &str) -> Option<&'static str> {
    let latin = |word: &&str| word.chars().next().is_some_and(|c| c < '\u{1f00}');
    let han = text.chars().filter(|c| is_ideograph(*c));
    let han = han.take(MAX_WORDS).count();
    if han == MAX_WORDS {
        return None; // Chinese, however many Latin words it holds
    }
    let pieces = text.split(|c: char| !is_letter(c)).filter(latin);
    let pieces: Vec<&str> = pieces.take(MAX_WORDS).collect();
    let words = pieces.len();
    if han >= words {
        return None; // Chinese with some Latin words
    }
    let mut english = 0usize;
    let mut found = [0usize; OTHERS.len()];
    for word in pieces.into_iter().filter(|word| word.len() <= MAX_SMALL) {
        let lower = if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            Cow::Borrowed(word)
        } else {
            Cow::Owned(word.to_lowercase())
        };
        for at in LANGUAGES.get(lower.as_ref()).into_iter().flatten() {
            match found.get_mut(*at) {
                Some(count) => *count += 1,
                None => english += 1,
            }
        }
    }
    let most = found.iter().enumerate().max_by_key(|(_, count)| **count);
    let (at, &count) = most?;
    let told = count >= MIN_WORDS && count * 8 >= words && count > english * 2;
    OTHERS.get(at).filter(|_| told).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_are_told_by_script_or_small_words() {
        for (text, language) in [
            (
                "Wir erheben Ihre Daten für die Anmeldung und geben sie nicht an Dritte weiter, wie es der Vertrag verlangt.",
                "German",
            ),
            (
                "Nous traitons vos données pour la gestion de votre compte et pour les statistiques dans nos services.",
                "French",
            ),
            (
                "Tratamos los datos para la gestión de su cuenta y para las estadísticas que usted consulta con la app.",
                "Spanish",
            ),
            (
                "当社は、お客様のメールアドレスを会員登録のために取得し、第三者に提供することはありませんので、ご安心ください。",
                "Japanese",
            ),
            (
                "회사는 회원 가입을 위하여 이용자의 전자우편 주소를 처리하며 이를 다른 사람에게 제공하지 않습니다. 감사합니다.",
                "Korean",
            ),
            (
                "Мы храним адрес вашей электронной почты только для входа и никому его не передаём.",
                "Cyrillic letters",
            ),
        ] {
            assert_eq!(foreign(text), Some(language), "{text}");
        }
    }

    #[test]
    fn what_is_read_and_lists_of_names_are_none() {
        for text in [
            "We keep your e-mail address to sign you in and give it to nobody. You may ask us to delete it at any time.",
            "Greylag Push | Greylag GmbH | push | device ID\nSandmartin | De La Rue e Figli | analytics | OAID\nLe Monde SDK | Les Éditions du Monde | news | IP address",
            "我们收集您的手机号用于登录。サポート窓口。我们不会向任何人提供您的个人信息，除非经过您的同意或者法律要求我们这样做。",
            "",
        ] {
            assert_eq!(foreign(text), None, "{text}");
        }
    }
}

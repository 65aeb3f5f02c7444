//! Every finding rule in one table: code, default level, what it means, how to
//! fix it, and the legal texts a finding may cite.
//!
//! To add a rule: write one constant here, list it in [`rules`], and emit it
//! from `reconcile`. A citation carries a number or clause only when that
//! number was seen in a published source; what is known from memory is left out.

use super::model::Level;

/// One finding rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case code, public interface.
    pub code: &'static str,
    /// Default level (contract, "Default levels").
    pub level: Level,
    /// One line: what a finding says.
    pub summary: &'static str,
    /// What it means and when it fires.
    pub meaning: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Texts a finding may be at odds with; empty for plain information.
    pub basis: &'static [&'static str],
}

/// Four departments, dated 2019-11-28, published 2019-12-30: 未逐一列出App（包括
/// 委托的第三方或嵌入的第三方代码、插件）收集使用个人信息的目的、方式、范围等.
const FINDING_METHOD_LIST: &str = "《App违法违规收集使用个人信息行为认定方法》(国信办秘字〔2019〕191号) art. 2(1): embedded third-party code is listed one by one with purpose, manner and scope";
/// The same text on rules that are missing or hard to reach.
const FINDING_METHOD_RULES: &str = "《App违法违规收集使用个人信息行为认定方法》(国信办秘字〔2019〕191号) art. 1(1)-(4): the rules on collection are published and can be reached and read";
/// The same text on changes, purposes of sensitive requests, obscure rules.
const FINDING_METHOD_CLEAR: &str = "《App违法违规收集使用个人信息行为认定方法》(国信办秘字〔2019〕191号) art. 2(2)-(4): purposes of sensitive requests are told, rules are not obscure";
/// Personal Information Protection Law, duty to tell.
const PIPL_TELL: &str = "《个人信息保护法》 art. 17: name and contact of the handler, purpose, manner and kinds are told beforehand";
/// Personal Information Protection Law, giving data to another handler.
const PIPL_OTHERS: &str =
    "《个人信息保护法》 art. 23: recipient's name and contact, purpose, manner and kinds are told";
/// National standard; only the title of the clause is verified.
const STANDARD_THIRD_PARTY: &str = "GB/T 35273-2020, 9.7 第三方接入管理";
/// MIIT 2020 campaign, app and SDK.
const MIIT_2020: &str =
    "工信部信管函〔2020〕164号 《关于开展纵深推进APP侵害用户权益专项整治行动的通知》";
/// MIIT 2021, the two lists.
const MIIT_LISTS: &str =
    "工信部信管函〔2021〕292号 《关于开展信息通信服务感知提升行动的通知》: the two lists";
/// MIIT 2023, publicity of SDK information.
const MIIT_2023: &str = "工信部信管函〔2023〕26号 《关于进一步提升移动互联网应用服务能力的通知》: name, developer, kinds, purpose and policy link of each SDK";
/// TC260 guidance on using SDKs.
const SDK_GUIDANCE: &str = "《移动互联网应用程序（App）使用软件开发工具包（SDK）安全指引》 (信安秘字〔2020〕85号): SDK name, provider, purpose and kinds are told";
/// The same text on collecting without the user's consent; only the number of
/// the article is verified.
const FINDING_METHOD_CONSENT: &str = "《App违法违规收集使用个人信息行为认定方法》(国信办秘字〔2019〕191号) art. 3: collecting before consent";
/// MIIT 2019 campaign: 私自收集, 私自共享给第三方 among its eight problems.
const MIIT_2019: &str = "工信部信管函〔2019〕337号 《关于开展APP侵害用户权益专项整治工作的通知》: collecting without telling, sharing with third parties";
/// National standard; only its title is verified.
const STANDARD_NECESSARY: &str = "GB/T 41391-2022 《App收集个人信息基本要求》";
/// Google Play.
const PLAY_SDKS: &str = "Google Play User Data policy, SDK Requirements: the developer answers for what SDKs in the app collect";

/// An SDK is in the app, no policy names it.
pub const UNDISCLOSED_SDK: Rule = Rule {
    code: "undisclosed-sdk",
    level: Level::Error,
    summary: "an SDK that may handle personal data is in the app, but no policy names it",
    meaning: "Evidence in the package (classes, components, libraries) shows the SDK, and no entry of the \
given policies stands for it: not by product name, package name, link, family or vendor. It fires for third-party \
SDKs whose documented data types are not empty, for those whose data types are unknown (unknown is never \
taken for none), and for those whose code is seen to read sensitive data, which the message then names. Libraries (UI, JSON, HTTP) and packers never give this finding. An SDK that only a name suggests (low confidence: a \
left-over key, a file name) is a warning. A base module is told with its product. Presence is not proof of \
collection: the app may never call the SDK.",
    fix: "Add an entry for the SDK to the list in the policy: product name, provider, purpose, kinds of data, \
permissions, and the provider's privacy link. `sdkaudit signatures show ID` prints what is known of it. If the app \
does not use the SDK, remove it from the build.",
    basis: &[
        FINDING_METHOD_LIST,
        MIIT_2020,
        PIPL_OTHERS,
        STANDARD_THIRD_PARTY,
        PLAY_SDKS,
    ],
};

/// Only the family, or the product that brings it, is named.
pub const FAMILY_ONLY: Rule = Rule {
    code: "sdk-disclosed-by-family-only",
    level: Level::Note,
    summary: "the policy names the product family, or the product that contains this SDK, but not the SDK itself",
    meaning: "An entry such as 极光 or 友盟+ stands for several products of one provider, or the SDK is a base \
module or bundled part of a product that the policy names. A reader can guess what is meant, yet the SDK is not \
listed by its own name.",
    fix: "Write the product name in the entry (极光推送 instead of 极光), or say in the entry of the product that it \
contains this SDK.",
    basis: &[FINDING_METHOD_LIST],
};

/// Only the company is named.
pub const VENDOR_ONLY: Rule = Rule {
    code: "sdk-disclosed-by-vendor-only",
    level: Level::Warning,
    summary: "the policy names only the company behind this SDK",
    meaning: "An entry of the policy gives the provider's company name and no product. One company often has a \
dozen SDKs with different data, so the entry does not tell which one is meant. Entries that name another product \
of the same company do not count.",
    fix: "Write an entry with the product name, purpose and kinds of data of this SDK.",
    basis: &[FINDING_METHOD_LIST, SDK_GUIDANCE],
};

/// Named in the policy, absent from the app.
pub const NOT_FOUND: Rule = Rule {
    code: "disclosed-sdk-not-found",
    level: Level::Note,
    summary: "the policy names an SDK that was not found in the app",
    meaning: "The entry may describe another platform, a server-side service, an older build, or an SDK whose code \
is loaded later. It fires only when all code of the app was seen, when the entry is not limited to other platforms \
and when the signature base knows how to recognise the SDK.",
    fix: "Remove the entry if the SDK is gone, or name the platform it is used on.",
    basis: &[],
};

/// Fields missing in the entry.
pub const INCOMPLETE: Rule = Rule {
    code: "incomplete-disclosure",
    level: Level::Warning,
    summary: "the entry of an SDK lacks vendor, purpose, data types or link",
    meaning: "All entries for the SDK are taken together; the finding names what none of them gives: vendor (the \
provider, unless the product name already carries it), purpose, data-types, link. An entry that says the SDK \
collects nothing gives its data types. Data or purpose that are said to stand behind a link count as given when \
the link is there, though this run did not read it.",
    fix: "Add the missing fields to the entry.",
    basis: &[
        FINDING_METHOD_LIST,
        PIPL_OTHERS,
        MIIT_LISTS,
        MIIT_2023,
        SDK_GUIDANCE,
    ],
};

/// Two entries for one SDK that do not say the same.
pub const DUPLICATE: Rule = Rule {
    code: "duplicate-entry",
    level: Level::Warning,
    summary: "two entries of the policy describe one SDK differently",
    meaning: "The SDK is in the app, and the given policies describe it in two places that name different data, \
different companies or unrelated purposes. A reader cannot tell which holds. For every other rule the entries are \
taken together: what one of them names counts as named. Entries for different systems, short and full names of one \
company, and entries of which one is silent on what the other says do not differ. Two documents of one app differ \
when each names data that the other does not; where one only says more, it is a note.",
    fix: "Make one entry of them, with everything that the SDK collects and does.",
    basis: &[FINDING_METHOD_CLEAR],
};

/// The list is behind a link.
pub const NOT_ASSESSABLE: Rule = Rule {
    code: "disclosure-not-assessable",
    level: Level::Warning,
    summary: "the SDK list stands behind a link, or a policy could not be read in full",
    meaning: "The given text only refers to a list elsewhere, or part of a given file could not be read. Whether \
the SDKs in the app are disclosed cannot be told from it. It is given once for an app, and no SDK is called \
undisclosed.",
    fix: "Save the linked list and pass it with another `--policy`. If the link is dead or hard to reach, repair it \
or put the list into the policy.",
    basis: &[FINDING_METHOD_RULES],
};

/// There is no list.
pub const NO_SDK_LIST: Rule = Rule {
    code: "no-sdk-list",
    level: Level::Warning,
    summary: "the policy has no list of third-party SDKs, or a template that was never filled in",
    meaning: "No entry names an SDK: the text says nothing, has one general sentence about partners, or carries a \
template with empty fields. It is given once for an app that contains SDKs (an unfilled template always); each SDK \
that may handle personal data is reported as undisclosed-sdk besides.",
    fix: "Add the list. `sdkaudit signatures show ID` prints what is known of each SDK found.",
    basis: &[FINDING_METHOD_LIST, MIIT_LISTS, MIIT_2023],
};

/// The app requests a permission that no policy mentions.
pub const PERMISSION: Rule = Rule {
    code: "permission-not-disclosed",
    level: Level::Warning,
    summary: "the app requests a dangerous or special permission that the policy mentions nowhere",
    meaning: "The manifest declares a permission of protection class dangerous or special, and the given policies \
name neither the permission (for the app or for any SDK) nor a kind of data that it guards, such as 位置信息 for \
ACCESS_FINE_LOCATION. A named kind of data is a vague disclosure and gives no finding. A permission whose \
maxSdkVersion is below the app's minSdkVersion is never requested and is left out.",
    fix: "Say in the policy which function needs the permission and why, or remove it from the manifest (an SDK's \
manifest may have added it: `tools:node=\"remove\"`).",
    basis: &[FINDING_METHOD_CLEAR, PIPL_TELL],
};

/// An SDK uses a permission that its entry does not name.
pub const SDK_PERMISSION: Rule = Rule {
    code: "permission-not-disclosed-for-sdk",
    level: Level::Warning,
    summary: "an SDK is known to use a permission that the app requests and its entry in the policy does not name",
    meaning: "It fires for SDKs that the policy names, for permissions of protection class dangerous or special \
that the app requests and that the SDK is known to use: from its documentation, its own manifest, or a call in its \
code; the message says which. Where the entry names data that the permission guards, but not the permission, it \
is a note; an entry that defers its data to a link gives no finding. Documentation shows that the SDK may use a \
permission, not that this build does.",
    fix: "Name the permission and its purpose in the entry of the SDK, or switch the function off in the SDK's \
settings and remove the permission.",
    basis: &[FINDING_METHOD_LIST, SDK_GUIDANCE],
};

/// Code reads a type that the policy does not name for it.
pub const UNDISCLOSED_DATA: Rule = Rule {
    code: "undisclosed-data-type",
    level: Level::Error,
    summary: "code is observed to read a kind of data that the policy does not name for it",
    meaning: "A call in the code of an SDK that the policy names (or in the app's own code, then without an SDK) \
reads the type, an entry point of the app leads to the call, the app's permissions and Android version leave some \
device that gives the data, and the entry names neither the type nor a broader term: nothing of it, only a lesser \
form (粗略位置 for a precise one), or only other data of that kind (OAID for the IMEI). An error for types that the \
vocabulary calls sensitive, else a warning. Data read only from objects that other code may have handed in, or by \
calls that mostly give the app's own data (cookies, processes), gives at most a warning; a note where nothing tells that the code runs (an inventory, a library, hidden code). No finding: \
calls that nothing leads to, reads under a condition that was not resolved, native code that may read something, \
entries that leave their data to a link, and types that tell no user from another (screen, language, network \
state, Android version, model, CPU, memory, storage, battery, time zone, region, user agent, root status, the app \
itself). The app's own code is judged only where a policy declares data for the app. It shows what the code can \
read, not that it is sent.",
    fix: "Name the data in the entry of the SDK, with its purpose; or switch the collection off in the SDK's \
settings, or remove the permission that it needs.",
    basis: &[FINDING_METHOD_LIST, MIIT_2020, PIPL_TELL, SDK_GUIDANCE],
};

/// Code reads a type that the policy names only vaguely.
pub const IMPRECISE: Rule = Rule {
    code: "imprecise-disclosure",
    level: Level::Warning,
    summary: "code is observed to read data that the policy names only by a broader term",
    meaning: "As undisclosed-data-type, where the entry has a broader term with an open end (设备信息, 位置信息) or \
only a permission that guards the data. It fires for types that have to be named: identifiers of hardware, the \
list of installed apps, precise location, contacts, the clipboard. For others a broader term is enough.",
    fix: "Name the data itself in the entry: IMEI, MAC address, list of installed apps.",
    basis: &[FINDING_METHOD_LIST, FINDING_METHOD_CLEAR],
};

/// The policy denies what the code reads.
pub const DENIED: Rule = Rule {
    code: "denied-but-accessed",
    level: Level::Error,
    summary: "the policy says that a kind of data is not collected, and code is observed to read it",
    meaning: "A sentence of the policy denies the type, or the kind it belongs to, without condition; code of the \
app or of an SDK reads it under the conditions of undisclosed-data-type. A denial inside the entry of an SDK \
speaks of that SDK alone, one about SDKs of SDKs alone. Denials with a way out (without your consent, only on the \
device, unless) and those that every policy has (we do not sell) give no finding. Where another passage tells that \
the same owner reads the type, it is a note: the text says both.",
    fix: "Correct the sentence, or remove the code or the permission that reads the data.",
    basis: &[FINDING_METHOD_LIST, FINDING_METHOD_CLEAR, PLAY_SDKS],
};

/// Reads or starts at the app's start.
pub const BEFORE_CONSENT: Rule = Rule {
    code: "access-before-consent",
    level: Level::Warning,
    summary: "code that reads identifiers or sensitive data can run at the app's start, before the user can agree",
    meaning: "The call can be reached from what Android runs before any screen: the Application class, content \
providers, startup initialisers and the static initialisers on the way; the evidence shows the way. Or an SDK is \
started there although its provider documents how to wait for the user's consent (only for SDKs of which that is \
recorded); a note where the app calls the switch for it somewhere. Only sensitive data and identifiers of the device \
count. It says what the code allows: whether a stored consent is checked on the way at run time is not seen. It \
needs no policy.",
    fix: "Start the SDK after the user has agreed, and use its calls for consent (`setAuth`, `preInit`, …); remove \
its provider or initialiser from the manifest (`tools:node=\"remove\"`) when it starts by itself.",
    basis: &[FINDING_METHOD_CONSENT, MIIT_2019],
};

/// A permission without a use.
pub const UNUSED_PERMISSION: Rule = Rule {
    code: "unused-permission",
    level: Level::Note,
    summary: "the app requests a permission, and no call that it guards was seen in any code",
    meaning: "The manifest requests a dangerous or special permission; the catalogue has calls that it guards, \
none of them was seen in any code of the package, and no SDK found is documented to use it. It is given only when \
all code was seen. It is no proof: an intent, a web page, native code, a reflective call that was not resolved, or \
code loaded later may need it, and the app may only ask for it. Permissions that no catalogued call needs \
(INTERNET), those of files, which are opened by path, and those for other acts than reading are never told.",
    fix: "Remove the permission from the manifest if nothing needs it (`tools:node=\"remove\"` for one that an SDK's \
manifest adds).",
    basis: &[STANDARD_NECESSARY],
};

/// A hardware identifier is read.
pub const HARDWARE_ID: Rule = Rule {
    code: "hardware-id-where-resettable-exists",
    level: Level::Note,
    summary: "an SDK reads identifiers of the hardware that users cannot reset",
    meaning: "Code of an SDK that can run reads the IMEI, MEID, IMSI, ICCID, serial number or MAC address, and the \
app's permissions leave some device that gives it. Users can neither see nor reset them; the OAID or the Android \
ID mostly does. Login by the carrier and payment may have a reason. It needs no policy.",
    fix: "Switch the identifier off in the SDK's settings, update the SDK, or remove the permission.",
    basis: &[STANDARD_NECESSARY],
};

/// Third-party code without a name.
pub const UNIDENTIFIED: Rule = Rule {
    code: "unidentified-third-party-code",
    level: Level::Warning,
    summary: "third-party code that no signature names: a large package, or one that reads sensitive data",
    meaning: "Classes outside the app's own packages belong to no known SDK, library or platform part. A warning \
where a call in them reads sensitive data and an entry point leads to it: the message names the data. Without \
such a call it is a note, for packages of 50 classes or more; whether accesses were looked at stands in it.",
    fix: "Find out what it is. If it is your own code or a known SDK, add a signature with `--signatures DIR`.",
    basis: &[],
};

/// The code is hidden.
pub const PACKED: Rule = Rule {
    code: "packed-code",
    level: Level::Note,
    summary: "the app's code is hidden by a packer",
    meaning: "A packer replaces the app's code by a loader and unpacks it at run time. SDKs inside the hidden code \
are not seen: the analysis is partial, and nothing can be concluded from what was not found.",
    fix: "Scan the build before packing.",
    basis: &[],
};

/// The table, in the order of `sdkaudit explain`.
static RULES: [Rule; 18] = [
    UNDISCLOSED_SDK,
    VENDOR_ONLY,
    FAMILY_ONLY,
    INCOMPLETE,
    DUPLICATE,
    NO_SDK_LIST,
    NOT_ASSESSABLE,
    NOT_FOUND,
    PERMISSION,
    SDK_PERMISSION,
    UNDISCLOSED_DATA,
    IMPRECISE,
    DENIED,
    BEFORE_CONSENT,
    UNUSED_PERMISSION,
    HARDWARE_ID,
    UNIDENTIFIED,
    PACKED,
];

/// All rules of this version.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// The text of `sdkaudit explain RULE`; plain text, one paragraph a line.
pub fn explain(rule: &Rule) -> String {
    let basis = if rule.basis.is_empty() {
        "  none: this rule informs only\n".to_owned()
    } else {
        rule.basis.iter().map(|b| format!("  - {b}\n")).collect()
    };
    format!(
        "{code} (default level: {level})\n\
         {summary}\n\n\
         What it means\n  {meaning}\n\n\
         How to fix it\n  {fix}\n\n\
         How to waive it\n  \
         Baselines and waivers are not part of this version; they come with a later one. Until then `--fail-on` \
         decides which findings fail a run: error, warning, note, never, or one rule code (`--fail-on {code}`).\n\n\
         What it may be at odds with (a static scan sees presence and capability, not contracts or run-time \
         transfer)\n{basis}",
        code = rule.code,
        level = rule.level.name(),
        summary = rule.summary,
        meaning = rule.meaning,
        fix = rule.fix,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_and_found_by_its_code() {
        for r in rules() {
            assert_eq!(rule(r.code), Some(r));
            let text = explain(r);
            for part in [r.code, r.level.name(), r.summary, r.meaning, r.fix] {
                assert!(text.contains(part), "{} lacks {part}", r.code);
            }
            for clause in r.basis {
                assert!(text.contains(clause));
            }
            assert!(!text.to_lowercase().contains("violat"));
        }
        assert_eq!(rule("no-such-rule"), None);
    }

    #[test]
    fn codes_are_unique_kebab_case() {
        let mut codes: Vec<_> = rules().iter().map(|r| r.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), rules().len());
        assert!(
            codes
                .iter()
                .all(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        );
    }

    #[test]
    fn levels_are_those_of_the_contract() {
        let level = |code| rule(code).unwrap().level;
        assert_eq!(level("undisclosed-sdk"), Level::Error);
        assert_eq!(level("sdk-disclosed-by-vendor-only"), Level::Warning);
        assert_eq!(level("sdk-disclosed-by-family-only"), Level::Note);
        assert_eq!(level("disclosed-sdk-not-found"), Level::Note);
        assert_eq!(level("duplicate-entry"), Level::Warning);
        assert_eq!(level("undisclosed-data-type"), Level::Error);
        assert_eq!(level("imprecise-disclosure"), Level::Warning);
        assert_eq!(level("denied-but-accessed"), Level::Error);
        assert_eq!(level("access-before-consent"), Level::Warning);
        assert_eq!(level("unused-permission"), Level::Note);
        assert_eq!(level("hardware-id-where-resettable-exists"), Level::Note);
        assert_eq!(level("packed-code"), Level::Note);
    }
}

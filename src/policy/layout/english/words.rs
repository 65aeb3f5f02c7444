//! Words of English policies that no name consists of alone, and names that
//! are no part of an app.

/// Words that headings, data types and kinds of recipients are made of. A name
/// holds at least one other word.
const COMMON: &str = "\
a about above acceptable access accessed account accounts accuracy accurate across act activity activities actions \
actual ad adaptation additional address addresses administration administrators ads adult adults advertisement advertisements \
advertiser advertisers advertising advice advisers advisors affiliate affiliated affiliates after age agencies agency agent agents \
aggregate aggregated aggregators agreement all allow alternative am amendments an analysis analyses analytics analytical and android \
announcements anonymised anonymized anonymous antivirus any api apis app appendix application applications approximate apps archive are area as \
assets assist assistance at attribution audience audio audit auditors authentication authorisation authorities authority \
authorization automated automatic automatically availability background backup backups bank banking banks banner banners barometer basic basis battery \
behavior behavioral behaviour behavioural best between billing biometric biometrics birth bluetooth body browser browsing build bureaus \
business businesses button buttons by calendar call calls camera can card cards care carrier carriers categories category \
certain change changes channel channels charities chat check child children children's choice choices city civil claims class clear client clients \
cloud code collect collected collecting collection comment commercial common communicate communication communications \
companies company compass competent competitions complaint complaints compliance component components computer confidentiality \
connect connected connection consent console consultants consumer consumers contact contacting contacts content contents contests \
context contract contractor contractors contracts contractual control controls controller controllers cookie cookies coordinates \
copyright corporate corporation correct correction corrections couriers country court courts crash crashes create credentials credit creditors cross current \
custom customer customers daily data database databases date dates day days debt decision decisions default defence definition \
definitions delete deleting deletion delivery demographic demographics department description design detail detailed details \
detection determine developer developers development device devices diagnostic diagnostics digital direct directory disclaimer disclose disclosed \
disclosure disclosures discovery display distribution do document documentation documents does domain download downloads each economic edge \
education educational effective effectively electronic email emails e-mail e-mails emergency employees employers employment enabled encryption \
enforcement engagement engine engines enquiries entities entity entry environment error errors essential event events example examples exceptions exercise \
experience expert experts export external face faces facial family faq features federal feedback field file files financial find \
fingerprint first fitness following for force foreign foreground form forms forums framework fraud free friends from full fulfilment fulfillment function functional \
functionality functions further game games gaming gateway gateways gender general geographic geographical geolocation given gives government \
governmental gps group guests gyroscope hardware health help history home host hosting hosts how i id identification identified \
identifier identifiers identity ids if image images important improvement improve in in-app include including individual individuals industry \
inference inferences information infrastructure inquiries install installation installed insurance insurers integrate integration integrations integrity \
intellectual interaction interactions interest interest-based interests internal international internet introduction investigations investors involved \
invoice invoices invoicing ip is issues it its job key keyboard kid kids kind kinds landlords language languages last law laws lawful lawyers \
lead legal legitimate letters level libraries library license licenses licensing lifecycle like limitation link linked links list listing lists live \
local location locations log logging login logistics logs loyalty mac machine magnetometer mail mailing maintenance management manager managing mandatory \
manner map mapping maps marketing marketplace measurement media mediation member members memory merchants merger mergers message messages \
messaging method methods metrics microphone minimum minors mobile mode model models moderation moderators modification money monitoring more most motion music my \
name names native nature navigation nearby necessary need network networks new newsletter newsletters news no non-personal not note notes notice \
notices notification notifications number numbers object objection obligation obligations of offers office offices offline on one online only open opening operate operating \
operation operational operations operator operators opinion opt opt-out opt-outs optimisation optimization optional options order orders organisation organisations organization \
organizations other others our out overview owner owners page pages parent parental parents parties partner partners party password passwords \
past payment payments people per performance period periods permission permissions permitted person personal personalisation personalised personalization personalized personnel persons phone phones photo \
photos physical picture pictures place places platform platforms play player players plug-in plug-ins plugin plugins point police policies policy portability \
possible post postal potential power practices precise preferences preparation press prevent prevention previous principles print printers prior privacy private process processed processes processing \
processor processors product products professional professionals profile profiles profiling program programme programs promotion promotional promotions \
property protect protected protection proof provide provided provider providers provision public publicly publisher publishers purchase purchases purpose purposes \
push qr quality questions rating ratings read reading reason reasons receipts receive recipient recipients recommendation record recorded recording records rectification recruitment redress \
reference referral referrals region regional regions register registered registrar registration regulator regulators regulatory related release remarketing reminder reminders remote removal reorganisation report reporting reports \
representative request requests required requirement requirements research researchers residents resolution resolving response responsibility responsible restriction restrictions restaurants \
retailers retention retargeting return returns review reviews right rights risk risks role roles routine rules sale sales sales-related sample save scan scanning schools science scope screen screens sdk \
sdks search section secure security see select selling send sending sensitive sensor sensors server servers service services session sessions setting settings \
share shared shareholders sharing shipping shops short sign sign-in sign-on sign-up similar site sites social software some sources special specific sponsors sports staff stage standard state statement statements statistical \
statistics status storage store stores storing strictly sub-processor sub-processors subcontractors subject subjects subprocessor subprocessors subscriber subscribers \
subscription subscriptions subsidiaries successors suggestions summary supervisory supplier suppliers support survey surveys syncing synchronisation synchronization system systems table tag tags target targeted targeting task tax taxi technical \
technologies technology telecommunications telemetry telephone term termination terms test testing text that the their theft them these they things third third-parties third-party this \
through time tool tools tos total tracker trackers tracking traffic training transaction transactional transactions transfer transferred transfers translation transparency transport transmission travel troubleshooting \
trust type types uninstall unique universal universities unless until update updated updates upload uploads us usage use used user username users using \
utilities validation value variables various vendor vendors verification version via video videos view viewing visit visitors visual vital voice volunteers want warranty \
we wearables weather web website websites what when where which who whom why wi-fi widget widgets wifi will with withdraw withdrawal within without work workers world write yes you your \
january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday \
california californian colorado connecticut delaware florida indiana iowa kentucky montana nebraska nevada hampshire jersey oregon tennessee texas utah virginia washington \
europe european eu eea uk us usa united states kingdom union commission ireland germany france netherlands switzerland canada australia japan china india brazil singapore israel america \
gdpr ccpa cpra coppa hipaa pipeda lgpd dpa scc sccs dpf art article annex iab tcf eprivacy \
gaid idfa idfv imei imsi oaid adid udid uuid android_id ssid bssid iccid ssl tls https http aes rsa vpn url urls pdf csv html json gpx wlan nfc sim ram cpu os ios dpo isp ai ml ui ux sms mms pin \
to an so there here he she also but should would could once since while although though because whether than nothing nobody everyone everything anyone someone anything something either neither none both \
english british american japanese german french spanish italian";

/// Stores, systems, browsers and pages that a policy mentions and that run in
/// no app: a mention is no disclosure.
const ELSEWHERE: &[&str] = &[
    "google play",
    "google play store",
    "play store",
    "google play console",
    "play console",
    "google play families",
    "google play families policy",
    "app store",
    "apple app store",
    "apple",
    "apple id",
    "bluetooth",
    "bluetooth le",
    "bluetooth low energy",
    "wi-fi",
    "itunes",
    "itunes store",
    "testflight",
    "amazon appstore",
    "huawei appgallery",
    "appgallery",
    "galaxy store",
    "samsung galaxy store",
    "f-droid",
    "microsoft store",
    "google",
    "android",
    "ios",
    "ipados",
    "macos",
    "windows",
    "linux",
    "chrome",
    "google chrome",
    "safari",
    "firefox",
    "mozilla firefox",
    "microsoft edge",
    "internet explorer",
    "opera",
    "instagram",
    "youtube",
    "twitter",
    "x",
    "linkedin",
    "discord",
    "reddit",
    "pinterest",
    "tumblr",
    "mastodon",
    "github",
    "gitlab",
    "codeberg",
    "whatsapp",
    "telegram",
    "android vitals",
    "exodus report",
    "exodus privacy",
    "icloud",
    "siri",
    "wikipedia",
    "privacy shield",
    "data privacy framework",
    "ico",
    "network advertising initiative",
    "digital advertising alliance",
    "kidsafe",
    "families policy",
    "standard contractual clauses",
    "iphone",
    "ipad",
];

/// Whether all words of a text are those of headings and kinds.
pub(super) fn is_common(text: &str) -> bool {
    static WORDS: std::sync::LazyLock<std::collections::HashSet<&str>> =
        std::sync::LazyLock::new(|| COMMON.split_ascii_whitespace().collect());
    let lower = text.to_lowercase();
    let parts = lower
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '&' | '(' | ')' | ',' | ':' | ';'));
    parts
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .map(|word| {
            word.strip_suffix("'s")
                .or_else(|| word.strip_suffix("’s"))
                .unwrap_or(word)
        })
        .filter(|word| word.chars().count() > 1)
        .all(|word| WORDS.contains(word) || word.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a name is that of a store, a system or a page.
pub(super) fn is_elsewhere(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    ELSEWHERE.contains(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_no_names_and_names_are_no_kinds() {
        for kind in [
            "Service Providers",
            "Advertising networks",
            "Children's Privacy",
            "Crash Logs (optional)",
            "Law Enforcement",
            "C. IP address",
        ] {
            assert!(is_common(kind), "{kind}");
        }
        for name in [
            "Adjust",
            "Sentry",
            "Harrow Maps",
            "Piano",
            "Data Heron",
            "Open Signal Kit by Wader",
        ] {
            assert!(!is_common(name), "{name}");
        }
        assert!(is_elsewhere("the App Store") && !is_elsewhere("App Store Kit"));
    }
}

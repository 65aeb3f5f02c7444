//! `vendor-at-odds`: the company of an entry is known, and it is not the one
//! behind the product.

use super::{Ground, about, short};
use crate::policy::model::{Confidence, MatchedBy, PolicyCheck, SdkRecord};

/// Vendor groups of which one owns or owned the other, or sells what the other
/// makes: one of the left may be written for one of the right, and the other
/// way round.
const RELATED: [(&[&str], &[&str]); 6] = [
    (&["alibaba"], &["ant"]),
    (&["huawei"], &["honor"]),
    (&["cheetah"], &["kingsoft"]),
    // Crash reporting and mediation that changed hands.
    (&["x"], &["google", "applovin"]),
    // Carriers' login, sold with a reseller's own.
    (
        &["china-mobile", "china-telecom", "china-unicom"],
        &[
            "chuanglan",
            "jiguang",
            "mobtech",
            "getui",
            "alibaba",
            "tencent",
            "netease",
        ],
    ),
    // Phone makers' push channels, brought in by a push service; the alliance
    // for the anonymous device identifier and its members.
    (
        &["xiaomi", "huawei", "honor", "oppo", "vivo", "meizu"],
        &["jiguang", "getui", "mobtech", "alibaba", "tencent", "msa"],
    ),
];

pub(super) fn check(ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let odd = |record: &SdkRecord| {
        let certain =
            record.matched_by == Some(MatchedBy::Name) && record.confidence >= Confidence::Medium;
        let id = record.id.as_deref().filter(|_| certain)?;
        let companies = &ground.lexicon.companies;
        let product = companies.product(id).filter(|product| product.curated)?;
        let written = &record.vendor_as_written;
        let group = |vendor: &str| are_related(vendor, product.vendor);
        let others = companies.groups(written)?;
        if product.names_vendor(written)
            || others.iter().any(|vendor| group(vendor))
            // A signature without a known vendor says nothing about another.
            || !companies.is_group(product.vendor)
        {
            return None;
        }
        let names: Vec<&str> = others.into_iter().collect();
        let message = format!(
            "the company “{}” is known as {}, while {id} is of {}",
            short(written),
            names.join(" or "),
            product.vendor
        );
        Some(about("vendor-at-odds", record, message))
    };
    ground.parts.iter().filter_map(odd).collect()
}

fn are_related(a: &str, b: &str) -> bool {
    let crosses = |(left, right): &(&[&str], &[&str])| {
        left.contains(&a) && right.contains(&b) || left.contains(&b) && right.contains(&a)
    };
    a == b || RELATED.iter().any(crosses)
}

#[cfg(test)]
mod tests {
    use super::super::testing::checks;

    fn list(name: &str, vendor: &str) -> String {
        format!(
            "第三方SDK目录\n更新日期：2024年1月2日\n\
             SDK名称：{name}\n所属公司：{vendor}\n使用目的：消息推送\n收集个人信息类型：OAID、设备型号\n隐私政策链接：https://a.example/p\n"
        )
    }

    #[test]
    fn the_company_of_another_product_is_at_odds() {
        for (name, vendor) in [
            ("极光推送SDK", "深圳市腾讯计算机系统有限公司"),
            ("腾讯Bugly SDK", "深圳市和讯华谷信息技术有限公司"),
            ("高德地图SDK", "百度"),
            ("小米推送SDK", "OPPO广东移动通信有限公司"),
        ] {
            let found = checks(&list(name, vendor), "vendor-at-odds");
            assert_eq!(found.len(), 1, "{name}: {vendor}");
            assert_eq!(found[0].sdk, name);
            assert!(found[0].message.contains(vendor));
        }
    }

    #[test]
    fn own_unknown_and_related_companies_are_not() {
        for (name, vendor) in [
            ("极光推送SDK", "深圳市和讯华谷信息技术有限公司"),
            ("极光推送SDK", "极光"),
            ("极光推送SDK", "成都白榆示例网络有限公司"),
            ("极光推送SDK", "腾讯、极光"),
            ("极光推送SDK", "成都白榆示例网络有限公司、腾讯"),
            ("支付宝SDK", "阿里巴巴"),
            ("小米推送SDK", "深圳市和讯华谷信息技术有限公司"),
            ("青鸾画像SDK", "腾讯"),
        ] {
            let found = checks(&list(name, vendor), "vendor-at-odds");
            assert!(found.is_empty(), "{name}: {vendor}: {found:?}");
        }
    }
}

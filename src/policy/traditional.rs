//! Traditional characters as simplified ones: the vocabulary, the keys and the
//! names are written in simplified characters.
//!
//! Only characters whose simplified form is used there are mapped, and only
//! those with one simplified form; words that differ (`資訊` for `信息`) are
//! terms of the vocabulary.

use std::sync::LazyLock;

/// A traditional character and its simplified form, one pair after the other.
const PAIRS: &str = "\
    並并亞亚來来係系個个們们備备傳传儲储內内別别刪删則则創创動动務务勢势匯汇區区協协參参員员問问啓启\
    啟启喚唤單单國国圍围圖图團团報报場场壓压夥伙媽妈學学實实寫写寶宝將将專专對对導导層层島岛師师帳帐\
    幫帮庫库廠厂廣广強强後后徑径從从徵征愛爱態态憑凭應应戲戏戶户擁拥擇择擊击擔担據据攝摄數数斷断於于\
    時时暫暂曆历書书會会東东條条業业極极構构標标樣样機机檔档檢检權权歐欧歷历歸归決决沒没況况測测準准\
    滿满漢汉濟济瀏浏為为無无熱热營营牆墙獲获現现環环產产畫画異异當当發发監监確确碼码種种稱称穩稳窮穷\
    節节範范簡简簽签紀纪約约紅红紋纹納纳紙纸級级細细終终組组結结絡络給给統统經经維维網网線线編编總总\
    繫系續续義义習习聯联聲声職职聽听臉脸與与舉举華华藍蓝蘇苏蘋苹處处虛虚號号術术衛卫裏里補补裝装裡里\
    製制複复見见規规視视覺觉覽览觀观訂订計计訊讯託托記记訪访設设許许註注評评詢询話话該该詳详認认語语\
    誤误說说誰谁調调請请論论諮咨證证識识譯译議议護护讀读讓让讚赞貝贝負负財财貨货責责買买費费資资質质\
    賬账購购贊赞跡迹蹤踪躍跃車车軌轨軟软載载輕轻輯辑輸输轉转連连進进遊游運运過过遞递適适選选郵邮釋释\
    針针銀银銷销鋪铺錄录錢钱錯错鍵键鎖锁鏈链鏡镜鐘钟長长門门閉闭開开間间閱阅關关陸陆際际隨随險险隱隐\
    雙双離离雲云電电靈灵頁页預预頭头頻频額额類类顯显風风飛飞駕驾騰腾驗验體体髮发魚鱼鳥鸟麥麦黃黄點点\
    齊齐齡龄龍龙";

/// The first character of the CJK block that the table covers.
const FIRST: u32 = 0x4e00;

/// The simplified form by distance from [`FIRST`]; the same character where
/// there is none.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = ('\u{4e00}'..='\u{9fff}').collect();
    let mut pairs = PAIRS.chars();
    while let (Some(traditional), Some(simplified)) = (pairs.next(), pairs.next()) {
        let at = (traditional as u32).checked_sub(FIRST);
        if let Some(slot) = at.and_then(|at| table.get_mut(at as usize)) {
            *slot = simplified;
        }
    }
    table
});

/// The simplified form of a character of the CJK block (U+4E00 to U+9FFF);
/// any other character stays. Both take three bytes of UTF-8.
pub(crate) fn simplified(c: char) -> char {
    (c as u32)
        .checked_sub(FIRST)
        .and_then(|at| SIMPLIFIED.get(at as usize))
        .copied()
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_words_read_as_simplified_ones() {
        let read = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(read("設備識別碼、裝置型號"), "设备识别码、装置型号");
        assert_eq!(read("隐私政策 abc"), "隐私政策 abc");
    }

    #[test]
    fn pairs_are_whole_and_lead_to_simplified_characters() {
        assert_eq!(PAIRS.chars().count() % 2, 0);
        for c in PAIRS.chars() {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
            assert_eq!(c.len_utf8(), 3);
        }
    }
}

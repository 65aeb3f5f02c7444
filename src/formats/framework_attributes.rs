//! Framework attributes of manifests by resource id.
//!
//! Android reads a manifest through `TypedArray`s, which find an attribute by
//! its resource id and never look at its name. Tools that hide a manifest from
//! analysts write other names, or none, beside the right id.
//!
//! The ids are frozen by AOSP `core/res/res/values/public-final.xml` (before
//! Android 12: `public.xml`); the table holds the attributes of
//! `attrs_manifest.xml` that matter to a manifest.

/// `0x01010003`: `android:name`.
pub const NAME: u32 = 0x0101_0003;

/// The name of a framework attribute that manifests use.
pub fn name(resource_id: u32) -> Option<&'static str> {
    let index = ATTRIBUTES.binary_search_by_key(&resource_id, |(id, _)| *id);
    index
        .ok()
        .and_then(|i| ATTRIBUTES.get(i))
        .map(|(_, name)| *name)
}

/// Whether an id is one of the framework's public attributes, known here or not.
pub fn is_framework_attribute(resource_id: u32) -> bool {
    resource_id >> 16 == 0x0101
}

/// Sorted by id.
const ATTRIBUTES: [(u32, &str); 187] = [
    (0x0101_0000, "theme"),
    (0x0101_0001, "label"),
    (0x0101_0002, "icon"),
    (0x0101_0003, "name"),
    (0x0101_0004, "manageSpaceActivity"),
    (0x0101_0005, "allowClearUserData"),
    (0x0101_0006, "permission"),
    (0x0101_0007, "readPermission"),
    (0x0101_0008, "writePermission"),
    (0x0101_0009, "protectionLevel"),
    (0x0101_000a, "permissionGroup"),
    (0x0101_000b, "sharedUserId"),
    (0x0101_000c, "hasCode"),
    (0x0101_000d, "persistent"),
    (0x0101_000e, "enabled"),
    (0x0101_000f, "debuggable"),
    (0x0101_0010, "exported"),
    (0x0101_0011, "process"),
    (0x0101_0012, "taskAffinity"),
    (0x0101_0013, "multiprocess"),
    (0x0101_0014, "finishOnTaskLaunch"),
    (0x0101_0015, "clearTaskOnLaunch"),
    (0x0101_0016, "stateNotNeeded"),
    (0x0101_0017, "excludeFromRecents"),
    (0x0101_0018, "authorities"),
    (0x0101_0019, "syncable"),
    (0x0101_001a, "initOrder"),
    (0x0101_001b, "grantUriPermissions"),
    (0x0101_001c, "priority"),
    (0x0101_001d, "launchMode"),
    (0x0101_001e, "screenOrientation"),
    (0x0101_001f, "configChanges"),
    (0x0101_0020, "description"),
    (0x0101_0021, "targetPackage"),
    (0x0101_0022, "handleProfiling"),
    (0x0101_0023, "functionalTest"),
    (0x0101_0024, "value"),
    (0x0101_0025, "resource"),
    (0x0101_0026, "mimeType"),
    (0x0101_0027, "scheme"),
    (0x0101_0028, "host"),
    (0x0101_0029, "port"),
    (0x0101_002a, "path"),
    (0x0101_002b, "pathPrefix"),
    (0x0101_002c, "pathPattern"),
    (0x0101_002d, "action"),
    (0x0101_002e, "data"),
    (0x0101_002f, "targetClass"),
    (0x0101_00d1, "tag"),
    (0x0101_01ea, "order"),
    (0x0101_0202, "targetActivity"),
    (0x0101_0203, "alwaysRetainTaskState"),
    (0x0101_0204, "allowTaskReparenting"),
    (0x0101_020c, "minSdkVersion"),
    (0x0101_021b, "versionCode"),
    (0x0101_021c, "versionName"),
    (0x0101_0227, "reqTouchScreen"),
    (0x0101_022b, "windowSoftInputMode"),
    (0x0101_022d, "noHistory"),
    (0x0101_0261, "sharedUserLabel"),
    (0x0101_026c, "anyDensity"),
    (0x0101_0270, "targetSdkVersion"),
    (0x0101_0271, "maxSdkVersion"),
    (0x0101_0272, "testOnly"),
    (0x0101_027f, "backupAgent"),
    (0x0101_0280, "allowBackup"),
    (0x0101_0281, "glEsVersion"),
    (0x0101_0284, "smallScreens"),
    (0x0101_0285, "normalScreens"),
    (0x0101_0286, "largeScreens"),
    (0x0101_028d, "resizeable"),
    (0x0101_028e, "required"),
    (0x0101_029c, "killAfterRestore"),
    (0x0101_02b7, "installLocation"),
    (0x0101_02b8, "vmSafeMode"),
    (0x0101_02ba, "restoreAnyVersion"),
    (0x0101_02be, "logo"),
    (0x0101_02bf, "xlargeScreens"),
    (0x0101_02c0, "immersive"),
    (0x0101_02d3, "hardwareAccelerated"),
    (0x0101_035a, "largeHeap"),
    (0x0101_036a, "stopWithTask"),
    (0x0101_0398, "uiOptions"),
    (0x0101_03a6, "publicKey"),
    (0x0101_03a7, "parentActivityName"),
    (0x0101_03a9, "isolatedProcess"),
    (0x0101_03af, "supportsRtl"),
    (0x0101_03bf, "singleUser"),
    (0x0101_03c7, "permissionFlags"),
    (0x0101_03d0, "requiredForAllUsers"),
    (0x0101_03d5, "restrictedAccountType"),
    (0x0101_03d6, "requiredAccountType"),
    (0x0101_03e3, "ssp"),
    (0x0101_03e4, "sspPrefix"),
    (0x0101_03e5, "sspPattern"),
    (0x0101_03f2, "banner"),
    (0x0101_03f4, "isGame"),
    (0x0101_042d, "persistableMode"),
    (0x0101_0445, "documentLaunchMode"),
    (0x0101_0446, "maxRecents"),
    (0x0101_0447, "autoRemoveFromRecents"),
    (0x0101_0473, "fullBackupOnly"),
    (0x0101_0476, "relinquishTaskIdentity"),
    (0x0101_04d5, "revisionCode"),
    (0x0101_04ea, "extractNativeLibs"),
    (0x0101_04eb, "fullBackupContent"),
    (0x0101_04ec, "usesCleartextTraffic"),
    (0x0101_04ed, "lockTaskMode"),
    (0x0101_04ee, "autoVerify"),
    (0x0101_04ef, "showForAllUsers"),
    (0x0101_04f6, "resizeableActivity"),
    (0x0101_04f7, "supportsPictureInPicture"),
    (0x0101_0504, "defaultToDeviceProtectedStorage"),
    (0x0101_0505, "directBootAware"),
    (0x0101_050e, "externalService"),
    (0x0101_0519, "version"),
    (0x0101_051a, "backupInForeground"),
    (0x0101_0525, "enableVrMode"),
    (0x0101_0527, "networkSecurityConfig"),
    (0x0101_052c, "roundIcon"),
    (0x0101_0531, "visibleToInstantApps"),
    (0x0101_053a, "rotationAnimation"),
    (0x0101_0541, "targetProcesses"),
    (0x0101_0545, "appCategory"),
    (0x0101_0547, "recreateOnConfigChanges"),
    (0x0101_0548, "certDigest"),
    (0x0101_0549, "splitName"),
    (0x0101_054a, "colorMode"),
    (0x0101_054c, "targetSandboxVersion"),
    (0x0101_0554, "requiredFeature"),
    (0x0101_0555, "requiredNotFeature"),
    (0x0101_055a, "isStatic"),
    (0x0101_055b, "isFeatureSplit"),
    (0x0101_0560, "maxAspectRatio"),
    (0x0101_0569, "showWhenLocked"),
    (0x0101_056a, "turnScreenOn"),
    (0x0101_056b, "classLoader"),
    (0x0101_056e, "cantSaveState"),
    (0x0101_0572, "compileSdkVersion"),
    (0x0101_0573, "compileSdkVersionCodename"),
    (0x0101_0576, "versionCodeMajor"),
    (0x0101_0577, "versionMajor"),
    (0x0101_0578, "isVrOnly"),
    (0x0101_057a, "appComponentFactory"),
    (0x0101_0583, "maxLongVersionCode"),
    (0x0101_0587, "packageType"),
    (0x0101_058e, "usesNonSdkApi"),
    (0x0101_0591, "isSplitRequired"),
    (0x0101_0594, "shell"),
    (0x0101_0597, "useAppZygote"),
    (0x0101_0599, "foregroundServiceType"),
    (0x0101_059a, "hasFragileUserData"),
    (0x0101_059b, "minAspectRatio"),
    (0x0101_059c, "inheritShowWhenLocked"),
    (0x0101_059d, "zygotePreloadName"),
    (0x0101_059e, "useEmbeddedDex"),
    (0x0101_059f, "forceUriPermissions"),
    (0x0101_0601, "allowAudioPlaybackCapture"),
    (0x0101_0603, "requestLegacyExternalStorage"),
    (0x0101_0608, "forceQueryable"),
    (0x0101_060e, "crossProfile"),
    (0x0101_0610, "sdkVersion"),
    (0x0101_0611, "minExtensionVersion"),
    (0x0101_0612, "allowNativeHeapPointerTagging"),
    (0x0101_0613, "autoRevokePermissions"),
    (0x0101_0614, "preserveLegacyExternalStorage"),
    (0x0101_0615, "mimeGroup"),
    (0x0101_0616, "gwpAsanMode"),
    (0x0101_061e, "pathSuffix"),
    (0x0101_061f, "sspSuffix"),
    (0x0101_0620, "pathAdvancedPattern"),
    (0x0101_0621, "sspAdvancedPattern"),
    (0x0101_0624, "memtagMode"),
    (0x0101_0625, "nativeHeapZeroInitialized"),
    (0x0101_062a, "knownCerts"),
    (0x0101_063e, "dataExtractionRules"),
    (0x0101_0642, "attributionTags"),
    (0x0101_0644, "usesPermissionFlags"),
    (0x0101_0645, "requestRawExternalStorageAccess"),
    (0x0101_064d, "sharedUserMaxSdkVersion"),
    (0x0101_064e, "requiredSplitTypes"),
    (0x0101_064f, "splitTypes"),
    (0x0101_065b, "localeConfig"),
    (0x0101_066c, "enableOnBackInvokedCallback"),
    (0x0101_068d, "systemUserOnly"),
    (0x0101_06a1, "allowCrossUidActivitySwitchFromBelow"),
    (0x0101_06a7, "backgroundPermission"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(ATTRIBUTES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn well_known_ids_have_their_names() {
        assert_eq!(name(NAME), Some("name"));
        assert_eq!(name(0x0101_020c), Some("minSdkVersion"));
        assert_eq!(name(0x0101_0270), Some("targetSdkVersion"));
        assert_eq!(name(0x7f01_0001), None);
    }
}

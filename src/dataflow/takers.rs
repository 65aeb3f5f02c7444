//! Calls in which a constant argument decides what is read.

use crate::sdk::schema::SourceKind;

/// What a constant means where a call takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taken {
    /// A key of the `Settings` class that declares the method.
    Setting,
    /// The name of a system property.
    Property,
    /// A content URI.
    Uri,
    /// A file.
    Path,
    /// A command line, in one or several texts.
    Command,
    /// A property of `MediaDrm`.
    DrmProperty,
    /// An intent action.
    Action,
    /// The name of a class.
    ClassName,
    /// The name of a method of the class that is the receiver.
    MethodName,
    /// The name of a field of the class that is the receiver.
    FieldName,
    /// The class whose methods are all looked up.
    AllMethods,
    /// The package name of an app.
    Package,
    /// What a reflective call hands over.
    Invoke,
}

impl Taken {
    /// The kind of catalogue rows that the constant is looked up among.
    pub fn kind(self) -> Option<SourceKind> {
        Some(match self {
            Self::Setting => SourceKind::Setting,
            Self::Property | Self::Invoke => SourceKind::Property,
            Self::Uri => SourceKind::Uri,
            Self::Path => SourceKind::Path,
            Self::Command => SourceKind::Command,
            Self::DrmProperty => SourceKind::DrmProperty,
            Self::Action => SourceKind::Action,
            Self::ClassName | Self::MethodName | Self::FieldName => SourceKind::Reflection,
            Self::AllMethods | Self::Package => return None,
        })
    }

    /// Whether a call with an unresolved argument may read what nobody sees.
    /// Files and intents are everywhere, and of looked up methods most are never
    /// called: those without a constant say nothing.
    pub fn is_opaque_when_unresolved(self) -> bool {
        !matches!(
            self,
            Self::Path | Self::Action | Self::AllMethods | Self::Package
        )
    }
}

/// A method with the argument that decides; `this` counts as the first of an
/// instance method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    /// Descriptor of the declaring class.
    pub class: &'static str,
    /// Method; every overload whose argument at this place has a fitting type.
    pub method: &'static str,
    /// Place of the argument.
    pub argument: usize,
    /// What the argument is.
    pub taken: Taken,
}

const fn taker(class: &'static str, method: &'static str, argument: usize, taken: Taken) -> Taker {
    Taker {
        class,
        method,
        argument,
        taken,
    }
}

/// Sources: the reference of each class on developer.android.com; hidden ones
/// (`SystemProperties`) AOSP.
pub static TAKERS: &[Taker] = &[
    taker(
        "Landroid/content/ContentProviderClient;",
        "query",
        1,
        Taken::Uri,
    ),
    taker(
        "Landroid/content/ContentResolver;",
        "acquireContentProviderClient",
        1,
        Taken::Uri,
    ),
    taker(
        "Landroid/content/ContentResolver;",
        "acquireUnstableContentProviderClient",
        1,
        Taken::Uri,
    ),
    taker("Landroid/content/ContentResolver;", "call", 1, Taken::Uri),
    taker(
        "Landroid/content/ContentResolver;",
        "openAssetFileDescriptor",
        1,
        Taken::Uri,
    ),
    taker(
        "Landroid/content/ContentResolver;",
        "openFileDescriptor",
        1,
        Taken::Uri,
    ),
    taker(
        "Landroid/content/ContentResolver;",
        "openInputStream",
        1,
        Taken::Uri,
    ),
    taker("Landroid/content/ContentResolver;", "query", 1, Taken::Uri),
    taker(
        "Landroid/content/ContentResolver;",
        "registerContentObserver",
        1,
        Taken::Uri,
    ),
    taker("Landroid/app/Activity;", "managedQuery", 1, Taken::Uri),
    taker("Landroid/content/CursorLoader;", "<init>", 2, Taken::Uri),
    taker("Landroid/content/Intent;", "<init>", 1, Taken::Action),
    taker("Landroid/content/Intent;", "setAction", 1, Taken::Action),
    taker("Landroid/content/IntentFilter;", "<init>", 1, Taken::Action),
    taker(
        "Landroid/content/IntentFilter;",
        "addAction",
        1,
        Taken::Action,
    ),
    taker(
        "Landroid/content/pm/PackageManager;",
        "getApplicationInfo",
        1,
        Taken::Package,
    ),
    taker(
        "Landroid/content/pm/PackageManager;",
        "getInstallerPackageName",
        1,
        Taken::Package,
    ),
    taker(
        "Landroid/content/pm/PackageManager;",
        "getLaunchIntentForPackage",
        1,
        Taken::Package,
    ),
    taker(
        "Landroid/content/pm/PackageManager;",
        "getPackageInfo",
        1,
        Taken::Package,
    ),
    taker(
        "Landroid/media/MediaDrm;",
        "getPropertyByteArray",
        1,
        Taken::DrmProperty,
    ),
    taker("Landroid/os/SystemProperties;", "get", 0, Taken::Property),
    taker(
        "Landroid/os/SystemProperties;",
        "getInt",
        0,
        Taken::Property,
    ),
    taker(
        "Landroid/provider/Settings$Global;",
        "getInt",
        1,
        Taken::Setting,
    ),
    taker(
        "Landroid/provider/Settings$Global;",
        "getString",
        1,
        Taken::Setting,
    ),
    taker(
        "Landroid/provider/Settings$Secure;",
        "getInt",
        1,
        Taken::Setting,
    ),
    taker(
        "Landroid/provider/Settings$Secure;",
        "getString",
        1,
        Taken::Setting,
    ),
    taker(
        "Landroid/provider/Settings$System;",
        "getInt",
        1,
        Taken::Setting,
    ),
    taker(
        "Landroid/provider/Settings$System;",
        "getString",
        1,
        Taken::Setting,
    ),
    taker("Ljava/io/File;", "<init>", 1, Taken::Path),
    taker("Ljava/io/FileInputStream;", "<init>", 1, Taken::Path),
    taker("Ljava/io/FileReader;", "<init>", 1, Taken::Path),
    taker("Ljava/io/RandomAccessFile;", "<init>", 1, Taken::Path),
    taker("Ljava/lang/Class;", "forName", 0, Taken::ClassName),
    taker("Ljava/lang/Class;", "getDeclaredField", 1, Taken::FieldName),
    taker(
        "Ljava/lang/Class;",
        "getDeclaredMethod",
        1,
        Taken::MethodName,
    ),
    taker(
        "Ljava/lang/Class;",
        "getDeclaredMethods",
        0,
        Taken::AllMethods,
    ),
    taker("Ljava/lang/Class;", "getField", 1, Taken::FieldName),
    taker("Ljava/lang/Class;", "getMethod", 1, Taken::MethodName),
    taker("Ljava/lang/Class;", "getMethods", 0, Taken::AllMethods),
    taker("Ljava/lang/ClassLoader;", "loadClass", 1, Taken::ClassName),
    taker("Ljava/lang/ProcessBuilder;", "<init>", 1, Taken::Command),
    taker("Ljava/lang/ProcessBuilder;", "command", 1, Taken::Command),
    taker("Ljava/lang/Runtime;", "exec", 1, Taken::Command),
    taker("Ljava/lang/reflect/Method;", "invoke", 2, Taken::Invoke),
];

/// The taker that a method is, by its declaring class.
pub fn find(class: &str, method: &str) -> Option<&'static Taker> {
    TAKERS
        .iter()
        .find(|taker| taker.class == class && taker.method == method)
}

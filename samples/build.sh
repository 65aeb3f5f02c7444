#!/bin/sh
# Builds the sample packages from samples/src. Nothing else in the repository
# needs this: the packages are committed. See README.md, "Rebuilding".
#
#   build.sh --setup   install the tools (Debian or Ubuntu, as root)
#   build.sh           build into samples/
#   build.sh --check   build into a scratch folder and compare with samples/
#
# The result depends only on the sources and the tool versions: archive time
# stamps are fixed and the signing key is src/throwaway.p12.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
SRC=$HERE/src
TOOLS=${SAMPLES_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sdkaudit-samples}
AAPT2=${AAPT2:-aapt2}
ZIPALIGN=${ZIPALIGN:-zipalign}
APKSIGNER=${APKSIGNER:-apksigner}
JAVA=${JAVA:-java}
JAVAC=${JAVAC:-javac}
PYTHON=${PYTHON:-python3}
ARM64_AS=${ARM64_AS:-aarch64-linux-gnu-as}
ARM64_LD=${ARM64_LD:-aarch64-linux-gnu-ld}
# Holds com.android.tools.r8.D8 and bundletool itself.
BUNDLETOOL=${BUNDLETOOL:-$TOOLS/bundletool.jar}
FRAMEWORK_RES=${FRAMEWORK_RES:-/usr/share/android-framework-res/framework-res.apk}

MIN_SDK=21

setup() {
    apt-get install -y aapt zipalign apksigner dexdump android-framework-res \
        binutils-aarch64-linux-gnu openjdk-17-jdk-headless python3 python3-pip unzip
    mkdir -p "$TOOLS"
    # The PyPI package of MobSF carries bundletool, which carries D8.
    "$PYTHON" -m pip download mobsf==4.4.0 --no-deps -d "$TOOLS"
    unzip -p "$TOOLS"/mobsf-4.4.0-*.whl 'mobsf/StaticAnalyzer/tools/bundletool-all-*.jar' >"$TOOLS/bundletool.jar"
    rm "$TOOLS"/mobsf-4.4.0-*.whl
}

require() {
    for tool in "$AAPT2" "$ZIPALIGN" "$APKSIGNER" "$JAVA" "$JAVAC" "$PYTHON" "$ARM64_AS" "$ARM64_LD"; do
        command -v "$tool" >/dev/null || { echo "build.sh: $tool not found; see build.sh --setup" >&2; exit 2; }
    done
    for file in "$BUNDLETOOL" "$FRAMEWORK_RES"; do
        [ -f "$file" ] || { echo "build.sh: $file not found; see build.sh --setup" >&2; exit 2; }
    done
}

# classes NAME ROOT... : compiles the Java below the given folders of src (or full paths).
classes() {
    name=$1; shift
    mkdir -p "$WORK/$name.classes"
    (cd "$SRC" && find "$@" -name '*.java' | LC_ALL=C sort) >"$WORK/$name.list"
    (cd "$SRC" && "$JAVAC" --release 8 -Xlint:-options -g:source,lines -cp "$WORK/stubs" \
        -d "$WORK/$name.classes" @"$WORK/$name.list")
}

# dex NAME ROOT... : the same, then one dex file: $WORK/NAME.dex.
dex() {
    classes "$@"
    name=$1
    mkdir -p "$WORK/$name.d8"
    (cd "$WORK/$name.classes" && find . -name '*.class' | LC_ALL=C sort) >"$WORK/$name.files"
    (cd "$WORK/$name.classes" && "$JAVA" -cp "$BUNDLETOOL" com.android.tools.r8.D8 --release --min-api $MIN_SDK \
        --classpath "$WORK/stubs" --lib "$JDK" --output "$WORK/$name.d8" $(cat "$WORK/$name.files"))
    mv "$WORK/$name.d8/classes.dex" "$WORK/$name.dex"
}

# native NAME : assembles src/native/NAME.s to $WORK/NAME.so.
native() {
    "$ARM64_AS" -o "$WORK/$1.o" "$SRC/native/$1.s"
    "$ARM64_LD" -shared -soname "$1.so" --build-id=sha1 --hash-style=gnu -s \
        -z max-page-size=4096 -z noseparate-code -o "$WORK/$1.so" "$WORK/$1.o"
}

# link NAME MANIFEST [RES] [OPTION...] : manifest and resources to $WORK/NAME.linked.
link() {
    name=$1 manifest=$2 res=$3; shift 3
    compiled=
    if [ -n "$res" ]; then
        # From within src: a bundle's resource table names the source files.
        (cd "$SRC" && "$AAPT2" compile --dir "$res" -o "$WORK/$name.res.zip")
        compiled=$WORK/$name.res.zip
    fi
    "$AAPT2" link "$@" -I "$FRAMEWORK_RES" --manifest "$SRC/$manifest" -o "$WORK/$name.linked" $compiled
}

# apk OUT NAME ITEM... : $WORK/NAME.linked plus items, aligned and signed.
apk() {
    out=$1 name=$2; shift 2
    mkdir -p "$(dirname "$OUT/$out")"
    "$PYTHON" "$SRC/pack.py" "$WORK/$name.unaligned" --from "$WORK/$name.linked" "$@"
    "$ZIPALIGN" -f -p 4 "$WORK/$name.unaligned" "$WORK/$name.aligned"
    "$APKSIGNER" sign --ks "$SRC/throwaway.p12" --ks-pass pass:throwaway --min-sdk-version $MIN_SDK \
        --v1-signer-name SAMPLES --v4-signing-enabled false --out "$OUT/$out" "$WORK/$name.aligned"
}

build() {
    require
    JDK=$("$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    mkdir -p "$WORK/stubs"
    "$JAVAC" --release 8 -Xlint:-options -d "$WORK/stubs" $(find "$SRC/stubs" -name '*.java' | LC_ALL=C sort)
    for library in libjcore270 libmsaoaidsec libjiagu libmsc; do native $library; done

    dex shop shop/java sdk/jpush sdk/jiguang-core-2 sdk/umeng sdk/getui
    link shop shop/AndroidManifest.xml shop/res
    apk shop.apk shop classes.dex="$WORK/shop.dex" lib/arm64-v8a/libjcore270.so="$WORK/libjcore270.so"

    dex clean clean/java sdk/jpush sdk/jiguang-core-4 sdk/umeng sdk/msa
    link clean clean/AndroidManifest.xml clean/res
    apk clean.apk clean classes.dex="$WORK/clean.dex" assets/="$SRC/msa-assets" \
        lib/arm64-v8a/libmsaoaidsec.so="$WORK/libmsaoaidsec.so"

    dex packed sdk/jiagu
    link packed packed/AndroidManifest.xml packed/res
    apk packed.apk packed classes.dex="$WORK/packed.dex" assets/libjiagu.so="$WORK/libjiagu.so" \
        lib/arm64-v8a/libjiagu.so="$WORK/libjiagu.so"

    dex nested nested/java
    dex plugin nested/plugin sdk/getui
    link nested nested/AndroidManifest.xml nested/res
    apk nested.apk nested classes.dex="$WORK/nested.dex" assets/plugin.dat="$WORK/plugin.dex"

    dex split split/java sdk/msa
    link split split/AndroidManifest.xml split/res
    apk split/base.apk split classes.dex="$WORK/split.dex"
    link config split/config/AndroidManifest.xml ""
    apk split/split_config.arm64_v8a.apk config --stored lib/arm64-v8a/libmsaoaidsec.so="$WORK/libmsaoaidsec.so"
    "$PYTHON" "$SRC/pack.py" "$OUT/split.apks" --stored /="$OUT/split"

    # The two whose code names resources: links first, for the class R.
    link states states/AndroidManifest.xml states/res --java "$WORK/states.r"
    dex states states/java "$WORK/states.r" sdk/bugly sdk/mob sdk/smssdk sdk/meizu sdk/shumei sdk/talkingdata \
        sdk/tongdun sdk/sensorsdata sdk/geetest sdk/xutils sdk/support sdk/pangle sdk/mipush sdk/amap sdk/iflytek \
        sdk/mobstat
    apk states.apk states classes.dex="$WORK/states.dex" lib/arm64-v8a/libmsc.so="$WORK/libmsc.so"

    link quiet quiet/AndroidManifest.xml quiet/res --java "$WORK/quiet.r"
    dex quiet quiet/java "$WORK/quiet.r" sdk/growingio sdk/baidu-speech
    apk quiet.apk quiet classes.dex="$WORK/quiet.dex"

    # The clean app again, as an Android App Bundle.
    link bundle clean/AndroidManifest.xml clean/res --proto-format
    bundle

    classes aar sdk/getui
    : >"$WORK/R.txt"
    "$PYTHON" "$SRC/pack.py" "$WORK/classes.jar" /="$WORK/aar.classes"
    "$PYTHON" "$SRC/pack.py" "$OUT/lib.aar" AndroidManifest.xml="$SRC/aar/AndroidManifest.xml" \
        classes.jar="$WORK/classes.jar" R.txt="$WORK/R.txt" proguard.txt="$SRC/aar/proguard.txt"
}

# The bundle's one module in bundletool's layout, then the bundle.
bundle() {
    mkdir "$WORK/module"
    (cd "$WORK/module" && unzip -q "$WORK/bundle.linked" && mkdir manifest && mv AndroidManifest.xml manifest/)
    "$PYTHON" "$SRC/pack.py" "$WORK/base.zip" /="$WORK/module" dex/classes.dex="$WORK/clean.dex" \
        assets/="$SRC/msa-assets" lib/arm64-v8a/libmsaoaidsec.so="$WORK/libmsaoaidsec.so"
    "$JAVA" -jar "$BUNDLETOOL" build-bundle --modules="$WORK/base.zip" --output="$WORK/bundle.aab"
    "$PYTHON" "$SRC/pack.py" "$OUT/bundle.aab" --from "$WORK/bundle.aab"
}

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
case "${1:-}" in
--setup) setup ;;
--check)
    OUT=$WORK/out
    mkdir "$OUT"
    build
    (cd "$OUT" && find . -type f | LC_ALL=C sort) | while read -r file; do
        cmp "$OUT/$file" "$HERE/$file"
    done
    echo "build.sh: the committed packages are what the sources give"
    ;;
"") OUT=$HERE; build ;;
*) echo "usage: build.sh [--setup | --check]" >&2; exit 2 ;;
esac

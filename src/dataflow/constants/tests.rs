//! Constants in small methods, each with the Java it stands for.

use super::*;
use crate::app::code::{ClassTable, CodeBody, CodeBytes, CodeUnit};
use crate::app::{App, PackageKind};
use crate::dataflow::program::Program;
use crate::formats::dex::Dex;
use crate::formats::dex::testing::{
    ClassBuilder, Unit, assemble, body, const_string, invoke, move_result_object, raw,
};

const STATIC: u16 = 0x71;
const VIRTUAL: u16 = 0x6e;
const DIRECT: u16 = 0x70;
const STRING: &str = "Ljava/lang/String;";
const BUILDER: &str = "Ljava/lang/StringBuilder;";

/// The call whose argument is asked for: `Sink.take(v0)`.
fn take() -> Vec<Unit> {
    invoke(
        STATIC,
        &[0],
        ["Lcom/x/Sink;", "take", "(Ljava/lang/String;)V"],
    )
}

fn app_of(bytes: Vec<u8>) -> Option<App<'static>> {
    let placement = Dex::parse(&bytes).ok()?.0.placement();
    Some(App {
        kind: PackageKind::Dex,
        manifest: None,
        certificates: Vec::new(),
        code: vec![CodeUnit {
            place: "classes.dex".to_owned(),
            body: CodeBody::Dex {
                bytes: CodeBytes::Inflated(bytes.into()),
                placement,
            },
            classes: ClassTable::default(),
        }],
        native: Vec::new(),
        assets: Vec::new(),
        anomalies: Vec::new(),
        limits: Vec::new(),
    })
}

/// What may reach the calls of `Sink.take` in the method `com.x.A.run`.
fn taken(app: &App<'_>) -> Vec<Values> {
    let program = Program::read(app);
    let class = program.find_class("com.x.A").expect("the class");
    let run = program.methods_named(class, "run").next().expect("run");
    let code = program.code(run).expect("code");
    let methods = &program.unit_of(run).methods;
    let is_take = |index: u32| {
        let reference = methods.get(index as usize);
        reference.is_some_and(|r| program.name(r.selector) == "take")
    };
    let sites: Vec<u32> = code
        .instructions()
        .filter(|i| i.opcode.is_invoke() && i.index().is_some_and(is_take))
        .map(|i| i.pc)
        .collect();
    let mut found = Vec::new();
    let told = |_: u32, arguments: &[Values]| arguments[0].complete;
    Constants::new(&program).arguments(run, &sites, &told, &mut |_, arguments| {
        found.extend(arguments.first().cloned());
    });
    found
}

fn run(proto: &str, code: &[Vec<Unit>], others: Vec<ClassBuilder>) -> Vec<Values> {
    let mut classes = vec![ClassBuilder::new("Lcom/x/A;").method("run", proto, body(code))];
    classes.extend(others);
    taken(&app_of(assemble(&classes)).expect("a dex file"))
}

fn texts(values: &Values) -> Vec<&str> {
    fn text(value: &Value) -> &str {
        match value {
            Value::Text(text) => text,
            other => panic!("{other:?} is no text"),
        }
    }
    values.known.iter().map(text).collect()
}

#[test]
fn a_builder_puts_texts_together() {
    // take(new StringBuilder().append("android").append("_id").toString());
    let append = |register| {
        [
            invoke(
                VIRTUAL,
                &[1, register],
                [
                    BUILDER,
                    "append",
                    "(Ljava/lang/String;)Ljava/lang/StringBuilder;",
                ],
            ),
            move_result_object(1),
        ]
        .concat()
    };
    let found = run(
        "()V",
        &[
            vec![Unit::Raw(0x0122), Unit::Type(BUILDER.into())],
            invoke(DIRECT, &[1], [BUILDER, "<init>", "()V"]),
            const_string(2, "android"),
            append(2),
            const_string(2, "_id"),
            append(2),
            invoke(VIRTUAL, &[1], [BUILDER, "toString", "()Ljava/lang/String;"]),
            move_result_object(0),
            take(),
        ],
        Vec::new(),
    );
    assert_eq!(found, [Values::one(Value::Text("android_id".into()))]);
}

#[test]
fn both_sides_of_a_branch_are_told() {
    // take(flag != 0 ? "a" : "b");
    let found = run(
        "(I)V",
        &[
            const_string(0, "a"),
            raw(&[0x0439, 4]), // if-nez v4, +4
            const_string(0, "b"),
            take(),
        ],
        Vec::new(),
    );
    assert_eq!(texts(&found[0]), ["a", "b"]);
    assert!(found[0].complete);
}

#[test]
fn a_parameter_is_named_and_an_unknown_result_is_unknown() {
    // take(key); take(Other.key());
    let found = run(
        "(Ljava/lang/String;)V",
        &[
            raw(&[0x4007]), // move-object v0, v4
            take(),
            invoke(
                STATIC,
                &[],
                ["Lcom/x/Other;", "key", "()Ljava/lang/String;"],
            ),
            move_result_object(0),
            take(),
        ],
        Vec::new(),
    );
    assert_eq!(found[0], Values::one(Value::Parameter(0)));
    assert_eq!(found[1], Values::unknown());
}

#[test]
fn a_static_final_field_is_its_constant() {
    // static final String KEY = "imei";  take(Keys.KEY);
    let keys = ClassBuilder::new("Lcom/x/Keys;").constant("KEY", "imei");
    let field = Unit::Field("Lcom/x/Keys;".into(), "KEY".into(), STRING.into());
    let found = run("()V", &[vec![Unit::Raw(0x0062), field], take()], vec![keys]);
    assert_eq!(texts(&found[0]), ["imei"]);
}

#[test]
fn an_object_in_a_static_final_field_is_what_the_initialiser_makes() {
    // static final Uri INBOX = Uri.parse("content://sms/inbox");  take(Keys.INBOX);
    const URI: &str = "Landroid/net/Uri;";
    let field = || Unit::Field("Lcom/x/Keys;".into(), "INBOX".into(), URI.into());
    let parse = [URI, "parse", "(Ljava/lang/String;)Landroid/net/Uri;"];
    let keys = ClassBuilder::new("Lcom/x/Keys;")
        .static_final("INBOX", URI)
        .method(
            "<clinit>",
            "()V",
            body(&[
                const_string(0, "content://sms/inbox"),
                invoke(STATIC, &[0], parse),
                move_result_object(0),
                vec![Unit::Raw(0x0069), field()],
            ]),
        );
    let found = run(
        "()V",
        &[vec![Unit::Raw(0x0062), field()], take()],
        vec![keys],
    );
    assert_eq!(
        found,
        [Values::one(Value::Uri("content://sms/inbox".into()))]
    );
}

#[test]
fn a_uri_is_built_of_its_parts() {
    // take(new Uri.Builder().scheme("content").authority("com.x.ids").path("/oaid")
    //     .appendPath("query").build());
    const URI_BUILDER: &str = "Landroid/net/Uri$Builder;";
    let part = |name, text| {
        let proto = "(Ljava/lang/String;)Landroid/net/Uri$Builder;";
        [
            const_string(2, text),
            invoke(VIRTUAL, &[1, 2], [URI_BUILDER, name, proto]),
            move_result_object(1),
        ]
        .concat()
    };
    let found = run(
        "()V",
        &[
            vec![Unit::Raw(0x0122), Unit::Type(URI_BUILDER.into())],
            invoke(DIRECT, &[1], [URI_BUILDER, "<init>", "()V"]),
            part("scheme", "content"),
            part("authority", "com.x.ids"),
            part("path", "/oaid"),
            part("appendPath", "query"),
            invoke(VIRTUAL, &[1], [URI_BUILDER, "build", "()Landroid/net/Uri;"]),
            move_result_object(0),
            take(),
        ],
        Vec::new(),
    );
    let uri = Value::Uri("content://com.x.ids/oaid/query".into());
    assert_eq!(found, [Values::one(uri)]);
}

#[test]
fn an_unknown_element_of_a_short_array_is_one_of_its_elements() {
    // String[] paths = {"a", "b"};  take(paths[i]);
    let found = run(
        "(I)V",
        &[
            const_string(1, "a"),
            const_string(2, "b"),
            vec![
                Unit::Raw(0x2024), // filled-new-array {v1, v2}
                Unit::Type("[Ljava/lang/String;".into()),
                Unit::Raw(0x0021),
            ],
            move_result_object(1),
            raw(&[0x0046, 0x0401]), // aget-object v0, v1, v4
            take(),
        ],
        Vec::new(),
    );
    assert_eq!(texts(&found[0]), ["a", "b"]);
    assert!(found[0].complete);
}

/// `static String plain(String s)`: every character XOR 7.
fn decryptor() -> ClassBuilder {
    let code = [
        invoke(VIRTUAL, &[4], [STRING, "toCharArray", "()[C"]),
        move_result_object(0),
        raw(&[
            0x0112, // const/4 v1, 0
            0x0221, // array-length v2, v0
            0x2135, 11, // if-ge v1, v2, +11
            0x0249, 0x0100, // aget-char v2, v0, v1
            0x02df, 0x0702, // xor-int/lit8 v2, v2, 7
            0x0250, 0x0100, // aput-char v2, v0, v1
            0x01d8, 0x0101, // add-int/lit8 v1, v1, 1
            0xf528, // goto -11
        ]),
        vec![Unit::Raw(0x0322), Unit::Type(STRING.into())],
        invoke(DIRECT, &[3, 0], [STRING, "<init>", "([C)V"]),
        raw(&[0x0311]), // return-object v3
    ];
    ClassBuilder::new("Lcom/x/Names;").method(
        "plain",
        "(Ljava/lang/String;)Ljava/lang/String;",
        code.concat(),
    )
}

/// `take(Names.plain("…"))`.
fn decrypted() -> Vec<Vec<Unit>> {
    let secret: String = "getImei".bytes().map(|b| char::from(b ^ 7)).collect();
    vec![
        const_string(1, &secret),
        invoke(
            STATIC,
            &[1],
            [
                "Lcom/x/Names;",
                "plain",
                "(Ljava/lang/String;)Ljava/lang/String;",
            ],
        ),
        move_result_object(0),
        take(),
    ]
}

#[test]
fn a_decrypted_text_is_read_by_running_its_method() {
    let found = run("()V", &decrypted(), vec![decryptor()]);
    assert_eq!(texts(&found[0]), ["getImei"]);
}

#[test]
fn a_method_without_end_is_given_up() {
    // static String plain(String s) { while (true); }
    let endless = ClassBuilder::new("Lcom/x/Names;").method(
        "plain",
        "(Ljava/lang/String;)Ljava/lang/String;",
        raw(&[0x0028]), // goto +0
    );
    let endless_goto = ClassBuilder::new("Lcom/x/Names;").method(
        "plain",
        "(Ljava/lang/String;)Ljava/lang/String;",
        raw(&[0x0000, 0xff28]), // nop; goto -1
    );
    for class in [endless, endless_goto] {
        let found = run("()V", &decrypted(), vec![class]);
        assert_eq!(found[0], Values::unknown());
    }
}

#[test]
fn damaged_code_never_panics() {
    let classes = [
        ClassBuilder::new("Lcom/x/A;").method("run", "()V", body(&decrypted())),
        decryptor(),
    ];
    let whole = assemble(&classes);
    for seed in 0..400u64 {
        let mut bytes = whole.clone();
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for _ in 0..=seed % 6 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = 0x70 + (state >> 8) as usize % (bytes.len() - 0x70);
            bytes[at] = state as u8;
        }
        let Some(app) = app_of(bytes) else { continue };
        let program = Program::read(&app);
        let mut constants = Constants::new(&program);
        for number in 0..program.methods().len() as u32 {
            let sites: Vec<u32> = (0..40).collect();
            constants.arguments(MethodId(number), &sites, &|_, _| false, &mut |_, _| {});
        }
    }
}

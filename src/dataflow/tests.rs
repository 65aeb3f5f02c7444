//! Which code runs, and who answers: on small programs, each with the Java it
//! stands for.

use super::catalogue::SourceCatalogue;
use super::entry::EntryPoints;
use super::graph::Edges;
use super::hierarchy::Hierarchy;
use super::program::{MethodId, Program};
use super::reach::{Reach, Roots, Start};
use super::references::ReferenceReader;
use super::walk;
use crate::app::code::{ClassTable, CodeBody, CodeBytes, CodeUnit};
use crate::app::layouts::XmlNames;
use crate::app::manifest::{ComponentKind, Manifest};
use crate::app::{App, PackageKind};
use crate::formats::dex::Dex;
use crate::formats::dex::testing::{
    ClassBuilder, Unit, assemble, body, invoke_static, invoke_virtual, make,
};
use crate::formats::limits::MAX_SUPERTYPE_STEPS;
use crate::sdk::KnowledgeBase;
use crate::sdk::detect::Detector;
use crate::sdk::testing::declare;

const OBJECT: &str = "Ljava/lang/Object;";
const TELEPHONY: &str = "Landroid/telephony/TelephonyManager;";

/// An app of package `com.x` whose application class is `com.x.App`.
fn app(classes: &[ClassBuilder]) -> App<'static> {
    let bytes = assemble(classes);
    let placement = Dex::parse(&bytes).expect("a dex file").0.placement();
    App {
        kind: PackageKind::Apk,
        manifest: Some(Manifest {
            package: "com.x".to_owned(),
            application_class: Some("com.x.App".to_owned()),
            ..Manifest::default()
        }),
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
    }
}

/// The application class with this `onCreate`.
fn application(on_create: Vec<crate::formats::dex::testing::Unit>) -> ClassBuilder {
    ClassBuilder::new("Lcom/x/App;")
        .extends("Landroid/app/Application;")
        .instance_method("onCreate", "()V", on_create)
}

/// The start that leads to each method named `Lclass;->name`.
fn starts(app: &App<'_>, methods: &[&str]) -> Vec<Option<Start>> {
    with_reach(app, &XmlNames::default(), |program, reach| {
        let start = |method: &&str| reach.start_of(find(program, method));
        methods.iter().map(start).collect()
    })
}

fn find(program: &Program<'_>, method: &str) -> MethodId {
    let (class, name) = method.split_once("->").expect("class and method");
    let class = program.find_type(class.as_bytes()).expect("the class");
    let class = program.class_of(class).expect("a defined class");
    let found = program.methods_named(class, name).next();
    found.expect("the method")
}

fn with_reach<T>(
    app: &App<'_>,
    xml: &XmlNames,
    look: impl FnOnce(&Program<'_>, &Reach<'_, '_>) -> T,
) -> T {
    let base = KnowledgeBase::embedded();
    let program = Program::read(app);
    let hierarchy = Hierarchy::of(&program);
    let catalogue = SourceCatalogue::new(base.sources());
    let detector = Detector::new(&base);
    let mut edges = Edges::default();
    let mut reader = ReferenceReader::new(&program, &hierarchy, &catalogue, &detector);
    let mut walk = walk::walk(&program, |unit| reader.read(unit, &mut edges).0);
    walk.graph.set_callees(edges);
    let manifest = app.manifest.as_ref();
    let entries = EntryPoints::of(&program, &hierarchy, manifest, xml);
    let mut reach = Reach::new(&program, &hierarchy, &walk.graph);
    reach.run(Start::AppStart, &entries.start);
    reach.run(Start::EntryPoint, &entries.rest);
    let mut api = Roots::default();
    for (id, _) in program.classes() {
        super::entry::offer(&program, id, &mut api);
    }
    reach.run(Start::Api, &api);
    look(&program, &reach)
}

#[test]
fn what_the_application_calls_runs_at_the_start_and_public_methods_are_an_api() {
    // class App extends Application { void onCreate() { Sdk.init(); } }
    // class Sdk { static void init() {}  static void offered() {} }
    // /* package */ class Dead { static void read() {} }
    let app = app(&[
        application(body(&[invoke_static("Lcom/sdk/Sdk;", "init", "()V")])),
        ClassBuilder::new("Lcom/sdk/Sdk;")
            .method("init", "()V", body(&[]))
            .method("offered", "()V", body(&[])),
        ClassBuilder::new("Lcom/sdk/Dead;")
            .package_private()
            .method("read", "()V", body(&[])),
    ]);
    let methods = [
        "Lcom/sdk/Sdk;->init",
        "Lcom/sdk/Sdk;->offered",
        "Lcom/sdk/Dead;->read",
    ];
    assert_eq!(
        starts(&app, &methods),
        [Some(Start::AppStart), Some(Start::Api), None]
    );
}

#[test]
fn a_runnable_runs_where_it_is_made_and_a_click_waits_for_the_user() {
    // void onCreate() { new Work(); new Click(); }
    let callback = |class: &str, interface: &str, name: &str, proto: &str| {
        ClassBuilder::new(class)
            .implements(interface)
            .instance_method("<init>", "()V", body(&[]))
            .instance_method(name, proto, body(&[]))
    };
    let app = app(&[
        application(body(&[make("Lcom/x/Work;"), make("Lcom/x/Click;")])),
        callback("Lcom/x/Work;", "Ljava/lang/Runnable;", "run", "()V"),
        callback(
            "Lcom/x/Click;",
            "Landroid/view/View$OnClickListener;",
            "onClick",
            "(Landroid/view/View;)V",
        ),
    ]);
    assert_eq!(
        starts(&app, &["Lcom/x/Work;->run", "Lcom/x/Click;->onClick"]),
        [Some(Start::AppStart), Some(Start::EntryPoint)]
    );
}

#[test]
fn a_service_started_early_runs_early_and_a_class_that_is_only_named_later() {
    // void onCreate() { start(); other(); }
    // void start() { startService(new Intent(this, Push.class)); }
    // void other() { use(Helper.class); }
    let constant = |class: &str| vec![Unit::Raw(0x001c), Unit::Type(class.into())];
    let starts_service = invoke_virtual(
        "Lcom/x/App;",
        "startService",
        "(Landroid/content/Intent;)Landroid/content/ComponentName;",
    );
    let app = app(&[
        application(body(&[
            invoke_static("Lcom/x/Calls;", "start", "()V"),
            invoke_static("Lcom/x/Calls;", "other", "()V"),
        ])),
        ClassBuilder::new("Lcom/x/Calls;")
            .method(
                "start",
                "()V",
                body(&[constant("Lcom/x/Push;"), starts_service]),
            )
            .method("other", "()V", body(&[constant("Lcom/x/Helper;")])),
        ClassBuilder::new("Lcom/x/Push;")
            .package_private()
            .extends("Landroid/app/Service;")
            .instance_method("<init>", "()V", body(&[]))
            .instance_method("onCreate", "()V", body(&[])),
        ClassBuilder::new("Lcom/x/Helper;")
            .package_private()
            .instance_method("<init>", "()V", body(&[]))
            .instance_method("unused", "()V", body(&[])),
    ]);
    let methods = [
        "Lcom/x/Push;->onCreate",
        "Lcom/x/Helper;-><init>",
        "Lcom/x/Helper;->unused",
    ];
    assert_eq!(
        starts(&app, &methods),
        [Some(Start::AppStart), Some(Start::EntryPoint), None]
    );
}

#[test]
fn look_ups_that_are_not_paid_for_find_nothing_and_say_so() {
    let app = app(&[
        ClassBuilder::new("Lcom/x/A;").instance_method("go", "()V", body(&[])),
        ClassBuilder::new("Lcom/x/B;").extends("Lcom/x/A;"),
    ]);
    let program = Program::read(&app);
    let hierarchy = Hierarchy::of(&program);
    let go = program.method(find(&program, "Lcom/x/A;->go")).selector;
    let b = program.find_class("com.x.B").expect("the class");
    assert!(hierarchy.dispatch(&program, b, go).is_some());
    hierarchy.spend(usize::MAX);
    assert!(hierarchy.dispatch(&program, b, go).is_none());
    assert!(hierarchy.is_exhausted());
}

#[test]
fn a_call_leads_to_the_classes_of_which_an_object_was_made() {
    // abstract class Task { abstract void go(); }  class A, B, C extend Task
    // void onCreate() { new A(); task.go(); }      B is made by an activity
    let task = |class: &str| {
        ClassBuilder::new(class)
            .extends("Lcom/x/Task;")
            .instance_method("<init>", "()V", body(&[]))
            .instance_method("go", "()V", body(&[]))
    };
    let mut app = app(&[
        application(body(&[
            make("Lcom/x/A;"),
            invoke_virtual("Lcom/x/Task;", "go", "()V"),
        ])),
        ClassBuilder::new("Lcom/x/Task;").extends(OBJECT),
        task("Lcom/x/A;").package_private(),
        task("Lcom/x/B;").package_private(),
        task("Lcom/x/C;").package_private(),
        ClassBuilder::new("Lcom/x/Main;")
            .extends("Landroid/app/Activity;")
            .instance_method(
                "onCreate",
                "(Landroid/os/Bundle;)V",
                body(&[make("Lcom/x/B;")]),
            ),
    ]);
    declare(&mut app, ComponentKind::Activity, "com.x.Main");
    assert_eq!(
        starts(&app, &["Lcom/x/A;->go", "Lcom/x/B;->go", "Lcom/x/C;->go"]),
        [Some(Start::AppStart), Some(Start::EntryPoint), None]
    );
}

#[test]
fn layouts_name_handlers_and_classes() {
    // <Button android:onClick="pick"/> <com.x.Badge/>
    let app = app(&[
        application(body(&[])),
        ClassBuilder::new("Lcom/x/Main;")
            .package_private()
            .instance_method("pick", "(Landroid/view/View;)V", body(&[]))
            .instance_method("pack", "(Landroid/view/View;)V", body(&[])),
        ClassBuilder::new("Lcom/x/Badge;")
            .package_private()
            .extends("Landroid/view/View;")
            .instance_method("onDraw", "(Landroid/graphics/Canvas;)V", body(&[])),
    ]);
    let xml = XmlNames {
        classes: ["com.x.Badge".to_owned()].into(),
        handlers: ["pick".to_owned()].into(),
        ..XmlNames::default()
    };
    let methods = [
        "Lcom/x/Main;->pick",
        "Lcom/x/Main;->pack",
        "Lcom/x/Badge;->onDraw",
    ];
    let found = with_reach(&app, &xml, |program, reach| {
        methods.map(|method| reach.start_of(find(program, method)))
    });
    assert_eq!(
        found,
        [Some(Start::EntryPoint), None, Some(Start::EntryPoint)]
    );
}

#[test]
fn a_path_tells_the_way_from_the_entry_point() {
    let app = app(&[
        application(body(&[invoke_static("Lcom/x/A;", "a", "()V")])),
        ClassBuilder::new("Lcom/x/A;")
            .method("a", "()V", body(&[invoke_static("Lcom/x/A;", "b", "()V")]))
            .method("b", "()V", body(&[])),
    ]);
    let path = with_reach(&app, &XmlNames::default(), |program, reach| {
        let path = reach.path(find(program, "Lcom/x/A;->b"));
        path.iter()
            .map(|&at| program.method_text(at))
            .collect::<Vec<_>>()
    });
    assert_eq!(
        path,
        [
            "Lcom/x/App;->onCreate()V",
            "Lcom/x/A;->a()V",
            "Lcom/x/A;->b()V"
        ]
    );
}

#[test]
fn a_call_on_a_subclass_is_a_use_of_the_platforms_method_unless_the_app_overrides_it() {
    // class Own extends TelephonyManager { String getDeviceId() {…} }
    // class Plain extends TelephonyManager {}
    let read = |class: &str| invoke_virtual(class, "getDeviceId", "()Ljava/lang/String;");
    let app = app(&[
        application(body(&[
            read("Lcom/x/Own;"),
            read("Lcom/x/Plain;"),
            read(TELEPHONY),
        ])),
        ClassBuilder::new("Lcom/x/Own;")
            .extends(TELEPHONY)
            .instance_method("getDeviceId", "()Ljava/lang/String;", body(&[])),
        ClassBuilder::new("Lcom/x/Plain;").extends(TELEPHONY),
    ]);
    let base = KnowledgeBase::embedded();
    let program = Program::read(&app);
    let hierarchy = Hierarchy::of(&program);
    let catalogue = SourceCatalogue::new(base.sources());
    let detector = Detector::new(&base);
    let mut reader = ReferenceReader::new(&program, &hierarchy, &catalogue, &detector);
    let (_, meanings) = reader.read(&program.units()[0], &mut Edges::default());
    let apis: Vec<_> = meanings.matches.iter().map(|found| &*found.api).collect();
    assert_eq!(
        apis,
        [
            "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;",
            "Lcom/x/Plain;->getDeviceId()Ljava/lang/String;"
        ]
    );
}

#[test]
fn a_field_by_the_name_of_a_subclass_is_the_platforms_unless_the_app_defines_it() {
    // class Own extends Build { static final String SERIAL; }  class Plain extends Build {}
    let read = |class: &str| {
        let field = Unit::Field(class.into(), "SERIAL".into(), "Ljava/lang/String;".into());
        vec![Unit::Raw(0x0062), field]
    };
    let app = app(&[
        application(body(&[read("Lcom/x/Own;"), read("Lcom/x/Plain;")])),
        ClassBuilder::new("Lcom/x/Own;")
            .extends("Landroid/os/Build;")
            .static_final("SERIAL", "Ljava/lang/String;"),
        ClassBuilder::new("Lcom/x/Plain;").extends("Landroid/os/Build;"),
    ]);
    let base = KnowledgeBase::embedded();
    let program = Program::read(&app);
    let hierarchy = Hierarchy::of(&program);
    let catalogue = SourceCatalogue::new(base.sources());
    let detector = Detector::new(&base);
    let mut reader = ReferenceReader::new(&program, &hierarchy, &catalogue, &detector);
    let (_, meanings) = reader.read(&program.units()[0], &mut Edges::default());
    let apis: Vec<_> = meanings.matches.iter().map(|found| &*found.api).collect();
    assert_eq!(apis, ["Lcom/x/Plain;->SERIAL:Ljava/lang/String;"]);
}

#[test]
fn a_hierarchy_that_is_too_deep_is_said_to_be_cut() {
    let class = |number: usize| {
        let above = format!("Lcom/x/C{};", number + 1);
        ClassBuilder::new(&format!("Lcom/x/C{number};")).extends(&above)
    };
    let deep: Vec<ClassBuilder> = (0..MAX_SUPERTYPE_STEPS).map(class).collect();
    let app = app(&deep);
    // The two at the bottom.
    assert_eq!(Program::read(&app).cut(), (0, 2));
}

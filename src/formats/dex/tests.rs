//! Tests of the decoder as a whole, on files of the test assembler.

use super::testing::{
    ClassBuilder, Unit, assemble, assemble_container, const_string, finish, invoke_static, put, raw,
};
use super::*;
use crate::formats::limits::MAX_DEX_PER_CONTAINER;

const RETURN: u16 = 0x000e;

fn sample_classes() -> Vec<ClassBuilder> {
    let mut run = const_string(0, "极光 😀");
    run.extend(invoke_static(
        "Lcom/x/Net;",
        "send",
        "([BLjava/lang/String;)J",
    ));
    run.extend([
        Unit::Raw(0x0062), // sget-object v0
        Unit::Field(
            "Lcom/x/Y;".into(),
            "KEY".into(),
            "Ljava/lang/String;".into(),
        ),
        Unit::Raw(0x011c), // const-class v1
        Unit::Type("[Lcom/x/Y;".into()),
        Unit::Raw(RETURN),
    ]);
    vec![
        ClassBuilder::new("Lcom/x/Y;")
            .extends("Landroid/app/Activity;")
            .implements("Ljava/lang/Runnable;")
            .constant("KEY", "secret")
            .constant("VERSION", "5.1.2")
            .method("run", "()V", run)
            .native_method("load", "(IJ)I"),
        ClassBuilder::new("Lcom/x/Z;").method("empty", "()V", raw(&[RETURN])),
    ]
}

fn parse(bytes: &[u8]) -> (Dex<'_>, Vec<&'static str>) {
    let (dex, anomalies) = Dex::parse(bytes).expect("a dex file");
    (dex, anomalies.iter().map(|anomaly| anomaly.code).collect())
}

fn descriptor(dex: &Dex<'_>, type_idx: u32) -> String {
    let bytes = dex.type_descriptor(type_idx).expect("a type");
    String::from_utf8_lossy(bytes).into_owned()
}

/// The instructions of one class's methods, and whether all were decoded.
fn instructions<'a>(dex: &Dex<'a>, class: u32) -> (Vec<Instruction<'a>>, bool) {
    let class = dex.class_def(class).expect("a class");
    let mut all = Vec::new();
    let mut complete = true;
    for method in dex.class_data(&class).expect("members").methods() {
        if method.code_off != 0 {
            let mut walk = dex.code(method.code_off).expect("code").instructions();
            all.extend(walk.by_ref());
            complete &= walk.broken_at().is_none();
        }
    }
    (all, complete)
}

/// Walks everything a caller can reach; returns the code units seen.
fn walk(dex: &Dex<'_>) -> (u64, bool) {
    let mut budget = WalkBudget::new(dex);
    let mut units = 0;
    for class in dex.class_defs() {
        let _ = dex.type_descriptor(class.class_idx);
        budget.interfaces(dex, &class).for_each(drop);
        if let Ok(values) = budget.static_values(dex, &class) {
            values.for_each(drop);
        }
        let Ok(members) = budget.class_data(dex, &class) else {
            continue;
        };
        for method in members.methods().filter(|method| method.code_off != 0) {
            let Ok(code) = budget.code(dex, method.code_off) else {
                continue;
            };
            for instruction in code.instructions() {
                units += u64::from(instruction.width());
            }
        }
    }
    (units, budget.is_exhausted())
}

#[test]
fn a_whole_file_reads_back_as_it_was_built() {
    let bytes = assemble(&sample_classes());
    let (dex, anomalies) = parse(&bytes);
    assert_eq!(anomalies, [""; 0]);
    assert!(!dex.clipped);
    assert_eq!((dex.version, dex.class_count()), (35, 2));

    let class = dex.class_defs().next().unwrap();
    assert_eq!(descriptor(&dex, class.class_idx), "Lcom/x/Y;");
    let superclass = class.superclass_idx.unwrap();
    assert_eq!(descriptor(&dex, superclass), "Landroid/app/Activity;");
    let interfaces: Vec<_> = dex.interfaces(&class).collect();
    assert_eq!(descriptor(&dex, interfaces[0]), "Ljava/lang/Runnable;");
    assert_eq!(class.source_file_idx, None);

    let members = dex.class_data(&class).unwrap();
    assert_eq!(
        (members.method_count(), members.method_count_with_code()),
        (2, 1)
    );
    let names: Vec<_> = members
        .methods()
        .map(|m| dex.method_signature(m.index))
        .collect();
    assert_eq!(names, ["Lcom/x/Y;->load(IJ)I", "Lcom/x/Y;->run()V"]);
    assert_eq!(members.virtual_methods().count(), 0);
}

#[test]
fn constants_of_static_fields_pair_up_with_their_fields() {
    let bytes = assemble(&sample_classes());
    let (dex, _) = parse(&bytes);
    let class = dex.class_def(0).unwrap();
    let fields = dex.class_data(&class).unwrap().static_fields();
    let values = dex.static_values(&class).unwrap();
    let pairs: Vec<_> = fields
        .zip(values)
        .map(|(field, value)| {
            let EncodedValue::String(text) = value else {
                panic!("a string was encoded")
            };
            (dex.field_signature(field.index), dex.string(text).unwrap())
        })
        .collect();
    assert_eq!(pairs[0].0, "Lcom/x/Y;->KEY:Ljava/lang/String;");
    assert_eq!(
        (pairs[0].1.as_ref(), pairs[1].1.as_ref()),
        ("secret", "5.1.2")
    );
}

#[test]
fn operands_name_strings_methods_fields_and_types() {
    let bytes = assemble(&sample_classes());
    let (dex, _) = parse(&bytes);
    let (code, complete) = instructions(&dex, 0);
    assert!(complete);
    let pcs: Vec<_> = code.iter().map(|i| i.pc).collect();
    assert_eq!(pcs, [0, 2, 5, 7, 9]);
    let index = |number: usize| code[number].index().unwrap();
    assert_eq!(dex.string(index(0)).unwrap(), "极光 😀");
    assert_eq!(
        dex.method_signature(index(1)),
        "Lcom/x/Net;->send([BLjava/lang/String;)J"
    );
    assert_eq!(
        dex.field_signature(index(2)),
        "Lcom/x/Y;->KEY:Ljava/lang/String;"
    );
    assert_eq!(descriptor(&dex, index(3)), "[Lcom/x/Y;");
    assert_eq!(code[4].index(), None);
}

/// Assembles one method of raw code units and decodes it.
fn with_code<T>(units: &[u16], check: impl FnOnce(CodeItem<'_>) -> T) -> T {
    let class = ClassBuilder::new("La;").method("a", "()V", raw(units));
    let bytes = assemble(&[class]);
    let (dex, _) = parse(&bytes);
    let class = dex.class_def(0).unwrap();
    let method = dex.class_data(&class).unwrap().methods().next().unwrap();
    check(dex.code(method.code_off).unwrap())
}

#[test]
fn registers_and_literals_of_each_format() {
    let cases: [(&[u16], &[u16], Option<i64>); 16] = [
        (&[0x2101], &[1, 2], None),                             // move v1, v2
        (&[0xf312], &[3], Some(-1)),                            // const/4
        (&[0x0a12], &[10], Some(0)),                            // const/4
        (&[0x0513, 0x8000], &[5], Some(-32768)),                // const/16
        (&[0x0515, 0x7f08], &[5], Some(0x7f08_0000)),           // const/high16
        (&[0x0519, 0x3ff0], &[5], Some(0x3ff0 << 48)),          // const-wide/high16
        (&[0x0514, 0xffff, 0xffff], &[5], Some(-1)),            // const
        (&[0x0018, 1, 0, 0, 0x8000], &[0], Some(i64::MIN + 1)), // const-wide
        (&[0x01d8, 0xff02], &[1, 2], Some(-1)),                 // add-int/lit8
        (&[0x21d0, 0x0100], &[1, 2], Some(256)),                // add-int/lit16
        (&[0x0190, 0x0302], &[1, 2, 3], None),                  // add-int
        (&[0x0002, 0x1234], &[0, 0x1234], None),                // move/from16
        (&[0x0003, 0x0100, 0x0200], &[256, 512], None),         // move/16
        (&[0x536e, 0, 0x4321], &[1, 2, 3, 4, 3], None),         // invoke-virtual
        (&[0x2071, 0, 0x0021], &[1, 2], None),                  // invoke-static
        (&[0x0374, 0, 0x0010], &[16, 17, 18], None),            // invoke-virtual/range
    ];
    for (units, registers, literal) in cases {
        with_code(units, |code| {
            let instruction = code.instruction_at(0).unwrap();
            let name = instruction.opcode.name();
            assert_eq!(
                instruction.registers().collect::<Vec<_>>(),
                registers,
                "{name}"
            );
            assert_eq!(instruction.literal(), literal, "{name}");
            assert_eq!(instruction.width() as usize, units.len(), "{name}");
        });
    }
}

#[test]
fn invoke_polymorphic_names_a_method_and_a_prototype() {
    with_code(&[0x10fa, 7, 0x0002, 9], |code| {
        let instruction = code.instruction_at(0).unwrap();
        assert_eq!(
            (instruction.index(), instruction.proto_index()),
            (Some(7), Some(9))
        );
        assert_eq!(instruction.registers().collect::<Vec<_>>(), [2]);
    });
}

#[test]
fn jumps_are_absolute_and_never_before_the_method() {
    // nop; goto +2; if-eqz v0, -2; goto/16 -9; goto/32 +100
    let units = [0, 0x0228, 0x0038, 0xfffe, 0x0029, 0xfff7, 0x002a, 100, 0];
    with_code(&units, |code| {
        let targets: Vec<_> = code.instructions().map(|i| i.branch_target()).collect();
        assert_eq!(targets, [None, Some(3), Some(0), None, Some(106)]);
    });
}

#[test]
fn payloads_are_stepped_over_and_switches_read() {
    let units = [
        0x002b, 7, 0, // packed-switch v0 -> 7
        0x002c, 12, 0,      // sparse-switch v0 -> 15
        RETURN, // 6
        0x0100, 2, 0xffff, 0xffff, 3, 0, 6, 0, // keys -1.., 7..15
        0x0200, 1, 99, 0, 3, 0, // 15..21
        0x0300, 1, 3, 0, 0x0201, 0x0003, // three bytes, 21..27
        0x0400, // a nop with a high byte, 27
    ];
    with_code(&units, |code| {
        let mut walk = code.instructions();
        let all: Vec<_> = walk.by_ref().collect();
        assert_eq!(walk.broken_at(), None);
        assert_eq!(all.iter().map(|i| i.pc).collect::<Vec<_>>(), [0, 3, 6, 27]);
        let packed: Vec<_> = code.switch_targets(&all[0]).unwrap().collect();
        assert_eq!(packed, [(-1, 3), (0, 6)]);
        let sparse: Vec<_> = code.switch_targets(&all[1]).unwrap().collect();
        assert_eq!(sparse, [(99, 6)]);
        assert!(code.switch_targets(&all[2]).is_none());
    });
}

#[test]
fn what_cannot_be_decoded_ends_the_walk_and_says_where() {
    for (units, seen, broken) in [
        (&[0u16, 0x003e, RETURN][..], 1, Some(1)), // unknown opcode
        (&[0, 0, 0x0014, 1], 2, Some(2)),          // cut const
        (&[0x0100, 0xffff, 0, 0], 0, Some(0)),     // cut payload
        (&[0x0300, 0xffff, 0xffff, 0xffff], 0, Some(0)),
        (&[RETURN], 1, None),
    ] {
        with_code(units, |code| {
            let mut walk = code.instructions();
            assert_eq!(walk.by_ref().count(), seen);
            assert_eq!(walk.broken_at(), broken);
        });
    }
}

#[test]
fn code_past_the_end_is_read_as_far_as_it_goes() {
    let bytes = assemble(&sample_classes());
    let (dex, _) = parse(&bytes);
    let class = dex.class_def(1).unwrap();
    let method = dex.class_data(&class).unwrap().methods().next().unwrap();
    let mut longer = bytes.clone();
    put(&mut longer, method.code_off as usize + 12, u32::MAX);
    let (dex, _) = parse(&longer);
    let code = dex.code(method.code_off).unwrap();
    assert!(code.clipped);
    let mut walk = code.instructions();
    assert_eq!(walk.next().unwrap().opcode, Opcode::RETURN_VOID);
    walk.by_ref().for_each(drop);
    assert!(walk.broken_at().is_some());
}

#[test]
fn header_lies_are_told_and_read_around() {
    let whole = assemble(&sample_classes());
    let size = whole.len() as u32;
    for (at, value, code) in [
        (0x20, size + 1, "dex-file-size"),
        (0x20, size - 1, "dex-file-size"),
        (0x20, 0, "dex-file-size"),
        (0x08, 7, "dex-checksum"),
        (0x24, 0x71, "dex-header-size"),
        (0x28, 0x7856_3412, "dex-endian-tag"),
        (0x2c, 9, "dex-link-data"),
        (0x04, u32::from_le_bytes(*b"036\0"), "dex-version"),
        (0x04, u32::from_le_bytes(*b"0\xff6\0"), "dex-version"),
    ] {
        let mut bytes = whole.clone();
        put(&mut bytes, at, value);
        let (dex, anomalies) = parse(&bytes);
        assert!(anomalies.contains(&code), "{code} in {anomalies:?}");
        assert!(!dex.clipped);
        assert_eq!(instructions(&dex, 0).0.len(), 5);
    }
}

#[test]
fn tables_outside_the_bytes_are_clipped_and_said() {
    let whole = assemble(&sample_classes());
    for (number, value) in [(0, u32::MAX), (1, 1 << 30), (5, u32::MAX)] {
        let mut bytes = whole.clone();
        put(&mut bytes, 0x38 + number * 8, value);
        let (dex, anomalies) = parse(&bytes);
        assert!(dex.clipped && anomalies.contains(&"dex-table-clipped"));
        walk(&dex);
    }
    let mut bytes = whole.clone();
    put(&mut bytes, 0x64, u32::MAX);
    assert_eq!(parse(&bytes).0.class_count(), 0);
    assert!(parse(&bytes).0.clipped);
}

#[test]
fn less_than_a_header_is_an_error() {
    let bytes = assemble(&sample_classes());
    assert!(Dex::parse(&bytes[..0x6f]).is_err());
    assert!(Dex::parse(b"PK\x03\x04").is_err());
    assert!(Dex::parse_container(&[])[0].is_err());
}

#[test]
fn members_past_the_end_are_an_error_of_that_class_only() {
    let mut bytes = assemble(&sample_classes());
    let size = bytes.len() as u32;
    let class_defs = u32::from_le_bytes(*bytes[0x64..].first_chunk().unwrap()) as usize;
    put(&mut bytes, class_defs + 24, size);
    bytes.extend([0x02, 0x00, 0xff]);
    let (dex, _) = parse(&bytes);
    let classes: Vec<_> = dex.class_defs().collect();
    assert!(dex.class_data(&classes[0]).is_err());
    assert_eq!(dex.class_data(&classes[1]).unwrap().method_count(), 1);
}

#[test]
fn four_billion_members_cost_no_more_than_the_bytes_present() {
    let mut bytes = assemble(&sample_classes());
    let size = bytes.len() as u32;
    let class_defs = u32::from_le_bytes(*bytes[0x64..].first_chunk().unwrap()) as usize;
    put(&mut bytes, class_defs + 24, size);
    for _ in 0..4 {
        bytes.extend([0xff, 0xff, 0xff, 0xff, 0x0f]);
    }
    let (dex, _) = parse(&bytes);
    assert!(dex.class_data(&dex.class_def(0).unwrap()).is_err());
}

#[test]
fn shared_items_exhaust_the_budget_not_the_reader() {
    // The same class defined 20,000 times: two billion code units in 840 KB.
    let long = raw(&vec![0; 100_000]);
    let class = ClassBuilder::new("La;").method("a", "()V", long);
    let mut bytes = assemble(&[class]);
    let (dex, _) = parse(&bytes);
    assert_eq!(walk(&dex), (100_000, false));
    let class_def = u32::from_le_bytes(*bytes[0x64..].first_chunk().unwrap()) as usize;
    let repeated = bytes[class_def..class_def + 32].repeat(20_000);
    let (count, table) = (0x60, bytes.len() as u32);
    bytes.extend(repeated);
    put(&mut bytes, count, 20_000);
    put(&mut bytes, count + 4, table);
    let (dex, _) = parse(&bytes);
    assert_eq!(dex.class_count(), 20_000);
    let (units, exhausted) = walk(&dex);
    assert!(exhausted);
    assert!(units * 2 <= bytes.len() as u64 * 8);
}

#[test]
fn a_container_holds_several_dex_files_over_shared_data() {
    let second = vec![ClassBuilder::new("Lcom/x/Second;").constant("NAME", "shared")];
    let bytes = assemble_container(&[sample_classes(), second]);
    assert!(is_dex(&bytes));
    let ranges = split_container(&bytes);
    assert_eq!(ranges.len(), 2);
    assert_eq!((ranges[0].start, ranges[0].end), (0, ranges[1].start));
    assert_eq!(ranges[1].end, bytes.len());

    let files: Vec<_> = Dex::parse_container(&bytes)
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert!(
        files
            .iter()
            .all(|(dex, anomalies)| anomalies.is_empty() && !dex.clipped)
    );
    let (first, second) = (files[0].0, files[1].0);
    assert_eq!((first.version, first.class_count()), (41, 2));
    let class = second.class_def(0).unwrap();
    assert_eq!(descriptor(&second, class.class_idx), "Lcom/x/Second;");
    assert_eq!(second.static_values(&class).unwrap().count(), 1);

    let (dex, anomalies) = parse(&bytes);
    assert!(dex.clipped);
    assert_eq!(anomalies, ["dex-container"]);
}

#[test]
fn the_budgets_of_a_container_add_up_to_its_size() {
    let class = || vec![ClassBuilder::new("La;").method("a", "()V", raw(&vec![0; 1 << 20]))];
    let bytes = assemble_container(&[class(), class(), class(), class()]);
    let total: usize = Dex::parse_container(&bytes)
        .into_iter()
        .map(|file| file.unwrap().0.placement.walk_bytes)
        .sum();
    assert!(total <= 2 * bytes.len());
}

#[test]
fn what_trails_a_container_is_told_but_no_failure() {
    let mut bytes = assemble_container(&[sample_classes(), Vec::new()]);
    bytes.extend(b"padding");
    let files = Dex::parse_container(&bytes);
    assert_eq!(files.len(), 2);
    for file in files {
        let (_, anomalies) = file.unwrap();
        assert_eq!(anomalies[0].code, "dex-container");
    }
}

#[test]
fn a_header_that_lies_about_its_size_cannot_hide_the_rest_silently() {
    let mut bytes = assemble_container(&[sample_classes(), sample_classes()]);
    let second = split_container(&bytes)[1].start as u32;
    put(&mut bytes, 0x20, second - 4);
    let files = Dex::parse_container(&bytes);
    assert_eq!((files.len(), files[1].is_err()), (2, true));
}

#[test]
fn an_ordinary_file_is_one_range_whatever_follows_it() {
    let mut bytes = assemble(&sample_classes());
    bytes.extend(assemble(&sample_classes()));
    assert_eq!(split_container(&bytes).len(), 1);
    assert_eq!(parse(&bytes).1[0], "dex-file-size");
}

#[test]
fn a_container_of_too_many_headers_is_cut_and_said() {
    let many: Vec<_> = (0..MAX_DEX_PER_CONTAINER + 50)
        .map(|_| Vec::new())
        .collect();
    let bytes = assemble_container(&many);
    let files = Dex::parse_container(&bytes).into_iter();
    let (read, refused): (Vec<_>, Vec<_>) = files.partition(Result::is_ok);
    assert_eq!((read.len(), refused.len()), (MAX_DEX_PER_CONTAINER, 1));
}

#[test]
fn a_signature_of_endless_names_is_cut() {
    let endless = format!("L{};", "x".repeat(1 << 20));
    let class = ClassBuilder::new("La;").native_method("m", &format!("({endless}{endless})V"));
    let bytes = assemble(&[class]);
    let (dex, _) = parse(&bytes);
    let signature = dex.method_signature(0);
    assert!(signature.starts_with("La;->m(Lxxx") && signature.contains('…'));
    assert!(signature.len() < crate::formats::limits::MAX_DEX_SIGNATURE_BYTES + 64);
    assert_eq!(dex.method_signature(9), "?");
}

/// A tiny xorshift generator: the same mutants in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// Touches every public lookup of a damaged file.
fn look_at_everything(bytes: &[u8]) {
    for decoded in Dex::parse_container(bytes) {
        let Ok((dex, _)) = decoded else { continue };
        walk(&dex);
        for index in 0..dex.method_count().min(50) {
            dex.method_signature(index);
            dex.field_signature(index);
            dex.string(index);
        }
        for class in dex.class_defs().take(50) {
            let Ok(members) = dex.class_data(&class) else {
                continue;
            };
            members.instance_fields().take(50).for_each(drop);
            for method in members.virtual_methods().chain(members.methods()).take(50) {
                let Ok(code) = dex.code(method.code_off) else {
                    continue;
                };
                for instruction in code.instructions().take(500) {
                    instruction.registers().for_each(drop);
                    let _ = (instruction.index(), instruction.literal());
                    let _ = (instruction.branch_target(), instruction.proto_index());
                    code.switch_targets(&instruction)
                        .into_iter()
                        .flatten()
                        .for_each(drop);
                }
            }
        }
    }
}

#[test]
fn mutated_and_truncated_files_never_panic() {
    let second = vec![ClassBuilder::new("Lcom/x/Second;").constant("NAME", "shared")];
    let container = assemble_container(&[sample_classes(), second]);
    let mut random = Random(0x5eed);
    for original in [assemble(&sample_classes()), container] {
        for _ in 0..3_000 {
            let mut mutant = original.clone();
            for _ in 0..=random.below(8) {
                let at = random.below(mutant.len());
                mutant[at] = [0, 0xff, 0x80, 0x01, random.below(256) as u8][random.below(5)];
            }
            if random.below(4) == 0 {
                mutant.truncate(random.below(mutant.len()));
            } else if mutant.len() > 0x70 && random.below(2) == 0 {
                let size = mutant.len() as u32;
                finish(&mut mutant, 0, size);
            }
            look_at_everything(&mutant);
        }
    }
}

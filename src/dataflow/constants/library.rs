//! The pure functions of the platform that the interpreter may call: one row
//! for each, its signature and what it does.
//!
//! Source of the behaviour: the Java SE and Android API reference. A row that
//! meets anything else gives up.

use super::heap::{Datum, GiveUp, Heap, Object, Outcome, units_of};
use super::text::{self, Piece};
use crate::formats::limits::MAX_INTERPRETED_TEXT;

/// A function of the platform; the receiver is the first argument.
pub(super) type Function = fn(&mut Heap, &[Datum]) -> Outcome<Datum>;

/// The function of a signature without its result, such as
/// `Ljava/lang/String;->charAt(I)`.
pub(super) fn function(signature: &str) -> Option<Function> {
    let (class, member) = signature.split_once("->")?;
    match class {
        "Ljava/lang/String;" | "Ljava/lang/CharSequence;" | "Ljava/lang/Object;" => {
            string(member).or_else(|| constructor_of_string(member))
        }
        "Ljava/lang/StringBuilder;"
        | "Ljava/lang/StringBuffer;"
        | "Ljava/lang/AbstractStringBuilder;" => builder(member),
        "Landroid/util/Base64;" | "Ljava/util/Base64;" | "Ljava/util/Base64$Decoder;" => {
            base64(member)
        }
        "Ljava/lang/System;" | "Ljava/util/Arrays;" => arrays(member),
        "Ljava/nio/charset/Charset;" => charset(member),
        "Ljava/lang/Math;" => mathematics(member),
        _ => boxes(class, member),
    }
}

fn argument(arguments: &[Datum], number: usize) -> Outcome<&Datum> {
    arguments.get(number).ok_or(GiveUp)
}

fn int(arguments: &[Datum], number: usize) -> Outcome<i64> {
    argument(arguments, number)?.int()
}

fn index(arguments: &[Datum], number: usize) -> Outcome<usize> {
    argument(arguments, number)?.index()
}

fn units(heap: &Heap, arguments: &[Datum], number: usize) -> Outcome<super::heap::Units> {
    heap.units(argument(arguments, number)?)
}

fn part(units: &[u16], start: usize, end: usize) -> Outcome<&[u16]> {
    units.get(start..end).ok_or(GiveUp)
}

fn truth(value: bool) -> Outcome<Datum> {
    Ok(Datum::Int(value.into()))
}

fn position(found: Option<usize>) -> Outcome<Datum> {
    Ok(Datum::Int(found.map_or(-1, |at| at as i64)))
}

/// One `char` or code point as text.
fn character(number: i64) -> Outcome<Vec<u16>> {
    let scalar = u32::try_from(number).map_err(|_| GiveUp)?;
    match u16::try_from(scalar) {
        Ok(unit) => Ok(vec![unit]),
        Err(_) => {
            let scalar = char::from_u32(scalar).ok_or(GiveUp)?;
            Ok(scalar.encode_utf16(&mut [0; 2]).to_vec())
        }
    }
}

/// The bytes of a `byte[]`, or part of it.
fn bytes(heap: &Heap, array: &Datum) -> Outcome<Vec<u8>> {
    let numbers = heap.numbers(array)?;
    Ok(numbers.into_iter().map(|number| number as u8).collect())
}

fn byte_array(heap: &mut Heap, bytes: &[u8]) -> Outcome<Datum> {
    heap.spend(bytes.len())?;
    heap.array_of(
        b'B',
        bytes.iter().map(|&byte| i64::from(byte.cast_signed())),
    )
}

/// The characters of a `char[]`.
fn chars(heap: &Heap, array: &Datum) -> Outcome<Vec<u16>> {
    let numbers = heap.numbers(array)?;
    Ok(numbers.into_iter().map(|number| number as u16).collect())
}

/// The name of a charset argument: `Charset` objects are their names.
fn charset_name(heap: &Heap, arguments: &[Datum], number: usize) -> Outcome<String> {
    let name = units(heap, arguments, number)?;
    String::from_utf16(&name).map_err(|_| GiveUp)
}

/// Android's default charset is always UTF-8.
const DEFAULT_CHARSET: &str = "UTF-8";

fn decoded(heap: &mut Heap, array: &Datum, charset: &str) -> Outcome<Datum> {
    let bytes = bytes(heap, array)?;
    heap.spend(bytes.len())?;
    let units = text::decode(&bytes, charset)?;
    heap.text(units)
}

fn encoded(heap: &mut Heap, arguments: &[Datum], charset: &str) -> Outcome<Datum> {
    let units = units(heap, arguments, 0)?;
    let bytes = text::encode(&units, charset)?;
    byte_array(heap, &bytes)
}

/// What `String.valueOf(Object)` and `append(Object)` show.
fn shown(heap: &Heap, datum: &Datum) -> Outcome<Vec<u16>> {
    match datum {
        Datum::Int(0) => Ok(units_of("null").to_vec()),
        _ => Ok(heap.units(datum)?.to_vec()),
    }
}

/// What is shown of an argument by the type it is declared with.
fn shown_as(heap: &Heap, type_: u8, arguments: &[Datum], number: usize) -> Outcome<Vec<u16>> {
    let datum = argument(arguments, number)?;
    match type_ {
        b'C' => Ok(vec![datum.int()? as u16]),
        b'Z' => Ok(units_of(if datum.int()? != 0 { "true" } else { "false" }).to_vec()),
        b'I' | b'J' => Ok(units_of(&datum.int()?.to_string()).to_vec()),
        b'[' => chars(heap, datum),
        _ => shown(heap, datum),
    }
}

macro_rules! shown_text {
    ($type_:literal) => {
        |heap, a| {
            let units = shown_as(heap, $type_, a, 0)?;
            heap.text(units)
        }
    };
}

fn string(member: &str) -> Option<Function> {
    Some(match member {
        "length()" => |heap, a| Ok(Datum::Int(units(heap, a, 0)?.len() as i64)),
        "isEmpty()" => |heap, a| truth(units(heap, a, 0)?.is_empty()),
        "charAt(I)" => |heap, a| {
            let unit = match heap.object(argument(a, 0)?) {
                Ok(Object::Builder(units)) => units.get(index(a, 1)?).copied(),
                _ => units(heap, a, 0)?.get(index(a, 1)?).copied(),
            };
            Ok(Datum::Int(unit.ok_or(GiveUp)?.into()))
        },
        "substring(I)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.text(part(&text, index(a, 1)?, text.len())?)
        },
        "substring(II)" | "subSequence(II)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.text(part(&text, index(a, 1)?, index(a, 2)?)?)
        },
        "concat(Ljava/lang/String;)" => |heap, a| {
            let joined = [&*units(heap, a, 0)?, &*units(heap, a, 1)?].concat();
            heap.text(joined)
        },
        "toString()" | "intern()" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.text(text)
        },
        "trim()" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.text(text::trim(&text))
        },
        "toLowerCase()" | "toLowerCase(Ljava/util/Locale;)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            heap.text(text::change_case(&text, false))
        },
        "toUpperCase()" | "toUpperCase(Ljava/util/Locale;)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            heap.text(text::change_case(&text, true))
        },
        "replace(CC)" => |heap, a| {
            let (old, new) = (int(a, 1)? as u16, int(a, 2)? as u16);
            let swap = |&unit: &u16| if unit == old { new } else { unit };
            let text: Vec<u16> = units(heap, a, 0)?.iter().map(swap).collect();
            heap.text(text)
        },
        "replace(Ljava/lang/CharSequence;Ljava/lang/CharSequence;)" => |heap, a| {
            let (text, old, new) = (units(heap, a, 0)?, units(heap, a, 1)?, units(heap, a, 2)?);
            heap.spend(text.len())?;
            let text = text::replace(&text, &old, &new, MAX_INTERPRETED_TEXT)?;
            heap.text(text)
        },
        "equals(Ljava/lang/Object;)" => |heap, a| match (units(heap, a, 0), argument(a, 1)?) {
            (Ok(_), Datum::Int(0)) => truth(false),
            (Ok(text), Datum::Text(other)) => truth(text == *other),
            _ => Err(GiveUp),
        },
        "equalsIgnoreCase(Ljava/lang/String;)" => |heap, a| {
            let fold = |units: &[u16]| text::change_case(&text::change_case(units, true), false);
            truth(fold(&units(heap, a, 0)?) == fold(&units(heap, a, 1)?))
        },
        "hashCode()" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            Ok(Datum::Int(text::hash(&text).into()))
        },
        "startsWith(Ljava/lang/String;)" => {
            |heap, a| truth(units(heap, a, 0)?.starts_with(&units(heap, a, 1)?))
        }
        "endsWith(Ljava/lang/String;)" => {
            |heap, a| truth(units(heap, a, 0)?.ends_with(&units(heap, a, 1)?))
        }
        "contains(Ljava/lang/CharSequence;)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            truth(text::find(&text, &units(heap, a, 1)?, 0).is_some())
        },
        "indexOf(Ljava/lang/String;)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            position(text::find(&text, &units(heap, a, 1)?, 0))
        },
        "indexOf(Ljava/lang/String;I)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            position(text::find(&text, &units(heap, a, 1)?, index(a, 2)?))
        },
        "indexOf(I)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            position(text::find(&text, &character(int(a, 1)?)?, 0))
        },
        "indexOf(II)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            position(text::find(&text, &character(int(a, 1)?)?, index(a, 2)?))
        },
        "lastIndexOf(Ljava/lang/String;)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            position(text::find_last(&text, &units(heap, a, 1)?))
        },
        "lastIndexOf(I)" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.spend(text.len())?;
            position(text::find_last(&text, &character(int(a, 1)?)?))
        },
        "toCharArray()" => |heap, a| {
            let text = units(heap, a, 0)?;
            heap.array_of(b'C', text.iter().map(|&unit| unit.into()))
        },
        "getBytes()" => |heap, a| encoded(heap, a, DEFAULT_CHARSET),
        "getBytes(Ljava/lang/String;)" | "getBytes(Ljava/nio/charset/Charset;)" => |heap, a| {
            let charset = charset_name(heap, a, 1)?;
            encoded(heap, a, &charset)
        },
        "valueOf(C)" => shown_text!(b'C'),
        "valueOf(I)" | "valueOf(J)" => shown_text!(b'I'),
        "valueOf(Z)" => shown_text!(b'Z'),
        "valueOf([C)" | "copyValueOf([C)" => shown_text!(b'['),
        "valueOf(Ljava/lang/Object;)" => shown_text!(b'L'),
        "valueOf([CII)" | "copyValueOf([CII)" => |heap, a| {
            let text = chars(heap, argument(a, 0)?)?;
            let (start, count) = (index(a, 1)?, index(a, 2)?);
            heap.text(part(&text, start, start.saturating_add(count))?)
        },
        "format(Ljava/lang/String;[Ljava/lang/Object;)" => |heap, a| formatted(heap, a),
        "format(Ljava/util/Locale;Ljava/lang/String;[Ljava/lang/Object;)" => {
            |heap, a| formatted(heap, a.get(1..).unwrap_or_default())
        }
        _ => return None,
    })
}

/// `String.format` of conversions without widths.
fn formatted(heap: &mut Heap, a: &[Datum]) -> Outcome<Datum> {
    let pieces = text::template(&units(heap, a, 0)?)?;
    let (_, values) = heap.array(argument(a, 1)?)?;
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.extend(text.encode_utf16()),
            Piece::Argument(number, conversion) => {
                let value = values.get(number).ok_or(GiveUp)?;
                match (conversion, value) {
                    ('s', Datum::Text(text)) => out.extend_from_slice(text),
                    // A box of any type: `Character` would show otherwise.
                    ('d', Datum::Int(number)) => out.extend(number.to_string().encode_utf16()),
                    ('c', Datum::Int(number)) => out.extend(character(*number)?),
                    _ => return Err(GiveUp),
                }
            }
        }
        if out.len() > MAX_INTERPRETED_TEXT {
            return Err(GiveUp);
        }
    }
    heap.text(out)
}

/// Constructors of `String`: the object under construction becomes the text.
fn constructor_of_string(member: &str) -> Option<Function> {
    fn settle(heap: &mut Heap, a: &[Datum], text: Datum) -> Outcome<Datum> {
        let Datum::Text(units) = text else {
            return Err(GiveUp);
        };
        let object = heap.object_mut(argument(a, 0)?)?;
        if *object != Object::New {
            return Err(GiveUp);
        }
        *object = Object::Text(units);
        Ok(Datum::Int(0))
    }
    Some(match member {
        "<init>()" => |heap, a| match a {
            // Also `Object.<init>` of a class of the app, whose object is unknown.
            [Datum::Opaque] => Ok(Datum::Int(0)),
            _ => settle(heap, a, Datum::Text([].into())),
        },
        "<init>(Ljava/lang/String;)"
        | "<init>(Ljava/lang/StringBuilder;)"
        | "<init>(Ljava/lang/StringBuffer;)" => |heap, a| {
            let text = Datum::Text(units(heap, a, 1)?);
            settle(heap, a, text)
        },
        "<init>([C)" => |heap, a| {
            let text = chars(heap, argument(a, 1)?)?;
            let text = heap.text(text)?;
            settle(heap, a, text)
        },
        "<init>([CII)" => |heap, a| {
            let text = chars(heap, argument(a, 1)?)?;
            let (start, count) = (index(a, 2)?, index(a, 3)?);
            let text = heap.text(part(&text, start, start.saturating_add(count))?)?;
            settle(heap, a, text)
        },
        "<init>([B)" => |heap, a| {
            let text = decoded(heap, argument(a, 1)?, DEFAULT_CHARSET)?;
            settle(heap, a, text)
        },
        "<init>([BLjava/lang/String;)" | "<init>([BLjava/nio/charset/Charset;)" => |heap, a| {
            let charset = charset_name(heap, a, 2)?;
            let text = decoded(heap, argument(a, 1)?, &charset)?;
            settle(heap, a, text)
        },
        "<init>([BII)" => |heap, a| {
            let bytes = bytes(heap, argument(a, 1)?)?;
            let (start, count) = (index(a, 2)?, index(a, 3)?);
            let bytes = bytes
                .get(start..start.saturating_add(count))
                .ok_or(GiveUp)?;
            let text = text::decode(bytes, DEFAULT_CHARSET)?;
            settle(heap, a, Datum::Text(text))
        },
        _ => return None,
    })
}

macro_rules! appended {
    ($type_:literal) => {
        |heap, a| {
            let units = shown_as(heap, $type_, a, 1)?;
            extend(heap, a, &units)
        }
    };
}

/// Appends to a builder and returns it.
fn extend(heap: &mut Heap, a: &[Datum], units: &[u16]) -> Outcome<Datum> {
    heap.spend(units.len() / 8)?;
    let builder = heap.builder_mut(argument(a, 0)?)?;
    if builder.len() + units.len() > MAX_INTERPRETED_TEXT {
        return Err(GiveUp);
    }
    builder.extend_from_slice(units);
    Ok(argument(a, 0)?.clone())
}

/// Puts units in the place of a range of a builder and returns the builder.
fn splice(heap: &mut Heap, a: &[Datum], start: usize, end: usize, new: &[u16]) -> Outcome<Datum> {
    heap.spend(new.len() / 8 + 1)?;
    let builder = heap.builder_mut(argument(a, 0)?)?;
    let end = end.min(builder.len());
    if start > end || builder.len() + new.len() > MAX_INTERPRETED_TEXT {
        return Err(GiveUp);
    }
    let moved = builder.len() - start;
    builder.splice(start..end, new.iter().copied());
    heap.spend(moved / 8)?;
    Ok(argument(a, 0)?.clone())
}

fn builder(member: &str) -> Option<Function> {
    fn begin(heap: &mut Heap, a: &[Datum], units: &[u16]) -> Outcome<Datum> {
        *heap.object_mut(argument(a, 0)?)? = Object::Builder(Vec::new());
        extend(heap, a, units)
    }
    Some(match member {
        "<init>()" | "<init>(I)" => |heap, a| begin(heap, a, &[]),
        "<init>(Ljava/lang/String;)" | "<init>(Ljava/lang/CharSequence;)" => |heap, a| {
            let text = units(heap, a, 1)?;
            begin(heap, a, &text)
        },
        "append(C)" => appended!(b'C'),
        "append(I)" | "append(J)" => appended!(b'I'),
        "append(Z)" => appended!(b'Z'),
        "append([C)" => appended!(b'['),
        "append(Ljava/lang/String;)"
        | "append(Ljava/lang/CharSequence;)"
        | "append(Ljava/lang/Object;)"
        | "append(Ljava/lang/StringBuffer;)" => appended!(b'L'),
        "insert(ILjava/lang/String;)" | "insert(ILjava/lang/Object;)" => |heap, a| {
            let (at, text) = (index(a, 1)?, shown_as(heap, b'L', a, 2)?);
            splice(heap, a, at, at, &text)
        },
        "insert(IC)" => |heap, a| {
            let (at, text) = (index(a, 1)?, shown_as(heap, b'C', a, 2)?);
            splice(heap, a, at, at, &text)
        },
        "deleteCharAt(I)" => |heap, a| {
            let at = index(a, 1)?;
            splice(heap, a, at, at.saturating_add(1), &[])
        },
        "delete(II)" => |heap, a| splice(heap, a, index(a, 1)?, index(a, 2)?, &[]),
        "setCharAt(IC)" => |heap, a| {
            let (at, unit) = (index(a, 1)?, int(a, 2)? as u16);
            let builder = heap.builder_mut(argument(a, 0)?)?;
            *builder.get_mut(at).ok_or(GiveUp)? = unit;
            Ok(Datum::Int(0))
        },
        "setLength(I)" => |heap, a| {
            let length = index(a, 1)?;
            let builder = heap.builder_mut(argument(a, 0)?)?;
            if length > builder.len() {
                return Err(GiveUp);
            }
            builder.truncate(length);
            Ok(Datum::Int(0))
        },
        "reverse()" => |heap, a| {
            let length = heap.builder(argument(a, 0)?)?.len();
            heap.spend(length)?;
            let builder = heap.builder_mut(argument(a, 0)?)?;
            if builder.iter().any(|unit| (0xd800..0xe000).contains(unit)) {
                return Err(GiveUp);
            }
            builder.reverse();
            Ok(argument(a, 0)?.clone())
        },
        "length()" => |heap, a| Ok(Datum::Int(heap.builder(argument(a, 0)?)?.len() as i64)),
        "charAt(I)"
        | "substring(I)"
        | "substring(II)"
        | "toString()"
        | "indexOf(Ljava/lang/String;)" => return string(member),
        _ => return None,
    })
}

fn base64(member: &str) -> Option<Function> {
    fn from_text(heap: &mut Heap, text: &[u16]) -> Outcome<Datum> {
        let digits = text::encode(text, "ASCII")?;
        heap.spend(digits.len())?;
        let bytes = text::from_base64(&digits)?;
        byte_array(heap, &bytes)
    }
    fn from_bytes(heap: &mut Heap, array: &Datum) -> Outcome<Datum> {
        let digits = bytes(heap, array)?;
        heap.spend(digits.len())?;
        let bytes = text::from_base64(&digits)?;
        byte_array(heap, &bytes)
    }
    Some(match member {
        // android.util.Base64
        "decode(Ljava/lang/String;I)" => |heap, a| {
            let text = units(heap, a, 0)?;
            from_text(heap, &text)
        },
        "decode([BI)" => |heap, a| from_bytes(heap, argument(a, 0)?),
        // java.util.Base64: the decoders differ in the alphabet only.
        "getDecoder()" | "getUrlDecoder()" | "getMimeDecoder()" => |_, _| Ok(Datum::Opaque),
        "decode(Ljava/lang/String;)" => |heap, a| {
            let text = units(heap, a, 1)?;
            from_text(heap, &text)
        },
        "decode([B)" => |heap, a| from_bytes(heap, argument(a, 1)?),
        _ => return None,
    })
}

fn arrays(member: &str) -> Option<Function> {
    fn copied(heap: &mut Heap, array: &Datum, start: usize, end: usize) -> Outcome<Datum> {
        let length = end.checked_sub(start).ok_or(GiveUp)?;
        heap.spend(length)?;
        let (kind, elements) = heap.array(array)?;
        let present = elements.get(start..end.min(elements.len())).ok_or(GiveUp)?;
        let mut copy = present.to_vec();
        copy.resize(length, Datum::Int(0));
        heap.allocate(Object::Array(kind, copy))
    }
    let (name, parameters) = member.split_once('(')?;
    Some(match (name, parameters) {
        ("arraycopy", _) => |heap, a| {
            let (from, to, length) = (index(a, 1)?, index(a, 3)?, index(a, 4)?);
            heap.spend(length)?;
            let (_, source) = heap.array(argument(a, 0)?)?;
            let part = source
                .get(from..from.saturating_add(length))
                .ok_or(GiveUp)?;
            let part = part.to_vec();
            let target = heap.array_mut(argument(a, 2)?)?;
            let target = target
                .get_mut(to..to.saturating_add(length))
                .ok_or(GiveUp)?;
            target.clone_from_slice(&part);
            Ok(Datum::Int(0))
        },
        ("copyOf", "[BI)" | "[CI)" | "[II)") => {
            |heap, a| copied(heap, argument(a, 0)?, 0, index(a, 1)?)
        }
        ("copyOfRange", "[BII)" | "[CII)" | "[III)") => {
            |heap, a| copied(heap, argument(a, 0)?, index(a, 1)?, index(a, 2)?)
        }
        _ => return None,
    })
}

/// A `Charset` is its name.
fn charset(member: &str) -> Option<Function> {
    Some(match member {
        "forName(Ljava/lang/String;)" | "name()" => |heap, a| Ok(Datum::Text(units(heap, a, 0)?)),
        "defaultCharset()" => |_, _| Ok(Datum::Text(units_of(DEFAULT_CHARSET))),
        _ => return None,
    })
}

/// The name of the charset that a constant of the platform holds.
pub(super) fn charset_constant(class: &[u8], name: &[u8]) -> Option<Datum> {
    if class != b"Ljava/nio/charset/StandardCharsets;" {
        return None;
    }
    let name = match name {
        b"UTF_8" => "UTF-8",
        b"ISO_8859_1" => "ISO-8859-1",
        b"US_ASCII" => "US-ASCII",
        b"UTF_16" => "UTF-16",
        b"UTF_16BE" => "UTF-16BE",
        b"UTF_16LE" => "UTF-16LE",
        _ => return None,
    };
    Some(Datum::Text(units_of(name)))
}

fn mathematics(member: &str) -> Option<Function> {
    Some(match member {
        "abs(I)" => |_, a| Ok(Datum::Int((int(a, 0)? as i32).wrapping_abs().into())),
        "abs(J)" => |_, a| Ok(Datum::Int(int(a, 0)?.wrapping_abs())),
        "min(II)" | "min(JJ)" => |_, a| Ok(Datum::Int(int(a, 0)?.min(int(a, 1)?))),
        "max(II)" | "max(JJ)" => |_, a| Ok(Datum::Int(int(a, 0)?.max(int(a, 1)?))),
        _ => return None,
    })
}

/// Boxes are their numbers; what they show depends on their type.
fn boxes(class: &str, member: &str) -> Option<Function> {
    let name = class.strip_prefix("Ljava/lang/")?.strip_suffix(';')?;
    let integer = matches!(name, "Integer" | "Long" | "Short" | "Byte");
    let boxed = integer || matches!(name, "Character" | "Boolean");
    let (function, parameters) = member.split_once('(')?;
    let primitive = parameters.len() == 2 && !parameters.starts_with('L');
    Some(match (function, parameters) {
        ("valueOf", _) if boxed && primitive => |_, a| Ok(Datum::Int(int(a, 0)?)),
        ("intValue" | "longValue", ")") if integer => |_, a| Ok(Datum::Int(int(a, 0)?)),
        ("byteValue", ")") if integer => |_, a| Ok(Datum::Int((int(a, 0)? as i8).into())),
        ("shortValue", ")") if integer => |_, a| Ok(Datum::Int((int(a, 0)? as i16).into())),
        ("charValue" | "booleanValue", ")") if boxed => |_, a| Ok(Datum::Int(int(a, 0)?)),
        (
            "parseInt" | "parseLong" | "parseByte" | "parseShort" | "valueOf",
            "Ljava/lang/String;)",
        ) if integer => |heap, a| Ok(Datum::Int(text::parse(&units(heap, a, 0)?, 10)?)),
        ("parseInt" | "parseLong" | "parseByte" | "valueOf", "Ljava/lang/String;I)") if integer => {
            |heap, a| Ok(Datum::Int(text::parse(&units(heap, a, 0)?, int(a, 1)?)?))
        }
        ("toString", ")" | "I)" | "J)") if integer => |heap, a| {
            let text = int(a, 0)?.to_string();
            heap.text(units_of(&text))
        },
        ("toHexString", "I)") if name == "Integer" => |heap, a| {
            let number = (int(a, 0)? as i32).cast_unsigned();
            heap.text(units_of(&text::in_radix(number.into(), 16)))
        },
        ("toString", ")" | "C)") if name == "Character" => |heap, a| {
            let text = character(int(a, 0)?)?;
            heap.text(text)
        },
        ("digit", "CI)") if name == "Character" => |_, a| {
            let digit = u32::try_from(int(a, 0)?).ok().and_then(char::from_u32);
            let radix = u32::try_from(int(a, 1)?)
                .ok()
                .filter(|r| (2..=36).contains(r));
            let value = digit.ok_or(GiveUp)?.to_digit(radix.ok_or(GiveUp)?);
            Ok(Datum::Int(value.map_or(-1, i64::from)))
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(signature: &str, arguments: &[Datum]) -> Option<String> {
        let mut heap = Heap::default();
        heap.begin(1_000);
        match function(signature)?(&mut heap, arguments) {
            Ok(Datum::Text(units)) => String::from_utf16(&units).ok(),
            _ => None,
        }
    }

    fn text(text: &str) -> Datum {
        Datum::Text(units_of(text))
    }

    #[test]
    fn rows_are_found_by_signature() {
        let substring = "Ljava/lang/String;->substring(II)";
        let arguments = [text("android_id"), Datum::Int(0), Datum::Int(7)];
        assert_eq!(text_of(substring, &arguments).as_deref(), Some("android"));
        let shown = "Ljava/lang/String;->valueOf(C)";
        assert_eq!(text_of(shown, &[Datum::Int(65)]).as_deref(), Some("A"));
        assert!(function("Ljava/lang/Runtime;->exec(Ljava/lang/String;)").is_none());
    }

    #[test]
    fn what_java_would_throw_at_gives_up() {
        let substring = "Ljava/lang/String;->substring(II)";
        for (start, end) in [(3, 2), (-1, 2), (0, i64::MAX)] {
            let arguments = [text("abc"), Datum::Int(start), Datum::Int(end)];
            assert_eq!(text_of(substring, &arguments), None);
        }
        assert_eq!(text_of(substring, &[]), None);
    }
}

//! Seeded damage for tests: a decoder must survive every variant of a valid
//! input, whatever it makes of it.

/// Calls `decode` with `rounds` damaged copies of `valid`: bytes flipped, words
/// set to extreme values, ends cut off.
pub(crate) fn survive(valid: &[u8], rounds: u32, mut decode: impl FnMut(&[u8])) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut damaged = Vec::new();
    for _ in 0..rounds {
        damaged.clear();
        damaged.extend_from_slice(valid);
        for _ in 0..=random.below(4) {
            damage(&mut damaged, &mut random);
        }
        decode(&damaged);
    }
    for end in 0..valid.len() {
        decode(&valid[..end]);
    }
}

fn damage(data: &mut Vec<u8>, random: &mut Random) {
    const EXTREMES: [u32; 6] = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x0000_ffff];
    if data.is_empty() {
        return;
    }
    let at = random.below(data.len());
    match random.below(8) {
        0 => data.truncate(at),
        1 | 2 => {
            let word = EXTREMES[random.below(EXTREMES.len())].to_le_bytes();
            let at = at & !3;
            for (byte, new) in data[at..].iter_mut().zip(word) {
                *byte = new;
            }
        }
        _ => data[at] ^= 1 << random.below(8),
    }
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

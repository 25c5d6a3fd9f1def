//! Nonces, sessions and hashes: drawn from a seed, so that a test sees the same ones again.

/// SplitMix64.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let it = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    /// A nonce of the login page: nine or ten decimal digits.
    pub(super) fn rand(&mut self) -> String {
        (100_000_000 + self.roll() % 2_000_000_000).to_string()
    }

    /// 32 hexadecimal digits.
    pub(super) fn hash(&mut self) -> String {
        format!("{:016x}{:016x}", self.roll(), self.roll())
    }

    /// A session.
    pub(super) fn sid(&mut self, odd: bool) -> String {
        let plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let strange = b"abc[def\\ghi`jkl^mno_pqr]stu";
        let letters: &[u8] = if odd { strange } else { plain };
        let mut letter = || {
            let at = usize::try_from(self.roll() % 1_000).unwrap_or_default() % letters.len();
            char::from(letters[at])
        };
        (0..64).map(|_| letter()).collect()
    }
}

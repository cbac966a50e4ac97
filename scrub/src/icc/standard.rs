//! Standard profiles: the same file all over the world, so that one says nothing about anybody. Known by length and
//! SHA-256 of the whole file, including private fields and gaps.

use sha2::{Digest, Sha256};

/// A standard profile.
pub(crate) struct StandardProfile {
    #[allow(dead_code, reason = "says which profile the hash is of")]
    pub(crate) name: &'static str,
    /// In bytes.
    pub(crate) length: usize,
    /// Of the whole file, in lower-case hexadecimal.
    pub(crate) sha256: &'static str,
}

/// Whether the profile is one of them.
pub(super) fn is_standard(profile: &[u8]) -> bool {
    let mut candidates = STANDARD_PROFILES.iter().filter(|known| known.length == profile.len()).peekable();
    // Most profiles need not be hashed.
    if candidates.peek().is_none() {
        return false;
    }
    let hash: String = Sha256::digest(profile).iter().map(|byte| format!("{byte:02x}")).collect();
    candidates.any(|known| known.sha256 == hash)
}

/// All of them. The verifier reads this table too: it is data, not code.
#[rustfmt::skip]
pub(crate) const STANDARD_PROFILES: &[StandardProfile] = &[
    StandardProfile {
        name: "sRGB IEC61966-2.1, Hewlett-Packard 1998",
        length: 3144,
        sha256: "2b3aa1645779a9e634744faf9b01e9102b0c9b88fd6deced7934df86b949af7e",
    },
    StandardProfile {
        name: "Adobe RGB (1998), Adobe 1999",
        length: 560,
        sha256: "e5f6ffb83b6d3491301dd750975684cc5cc2a1951c994a14b08cfdaa0d75a041",
    },
    StandardProfile {
        name: "Display P3, Apple 2022",
        length: 536,
        sha256: "20789fdbea9835251a4f0796c8bf45cbd964896044886540da21ffc7457af0ab",
    },
    StandardProfile {
        name: "Generic RGB Profile, Apple 2007",
        length: 1960,
        sha256: "283e482d9b10db98fb7df2f6ef4bdf4ddf8de5a07d2c7530cc361ec4b29ed39a",
    },
    StandardProfile {
        name: "sRGB-v4, saucecontrol Compact ICC Profiles",
        length: 480,
        sha256: "c56e1685d888f5edb92fe07f2750f387f8fe8e91b32ff8fb0b56bfbbb9458353",
    },
    StandardProfile {
        name: "DisplayP3Compat-v4, saucecontrol Compact ICC Profiles",
        length: 480,
        sha256: "231752984cd4a5278e1b8d2390fe496767d4511fc81f54e1a5c69ae9ab4c42b5",
    },
    StandardProfile {
        name: "sRGB equivalent to www.srgb.com 1998 HP profile, ArgyllCMS",
        length: 3268,
        sha256: "12a3bb4cbc91c48d1267aaa3342fa35e16aa862969dc93ec034b9b6e3c338ba5",
    },
    StandardProfile {
        name: "DisplayP3 color profile, ArgyllCMS",
        length: 2936,
        sha256: "d9098081347d9e7c17b5fdde9cec7e1c0b6b876263ff1f37f2fd289fa010739f",
    },
    StandardProfile {
        name: "Rec709 ITU-R BT.709, ArgyllCMS",
        length: 2976,
        sha256: "29922f9899fa651cff648f2a2826bbb01a95c7f84539cc661af7dc63111bb1f2",
    },
    StandardProfile {
        name: "BT.2020 color profile, ArgyllCMS",
        length: 9120,
        sha256: "51addfaa5db88fb9baa065e804a4e0a593050bf03dd9ffc0d023bc93614c26be",
    },
    StandardProfile {
        name: "ProPhoto RGB, ArgyllCMS",
        length: 2948,
        sha256: "45150dedf2140a39e86f134515849e7bffcac33f1b65729ff00aa2aba9519ddc",
    },
    StandardProfile {
        name: "Interchangeable with Adobe RGB (1998), ArgyllCMS",
        length: 640,
        sha256: "6646dfa39a0231054982af1da57b23038af9171b9008de0682bc9833f4c9718b",
    },
    StandardProfile {
        name: "Compatible with Adobe RGB (1998), icc-profiles-free",
        length: 580,
        sha256: "76f4ad83ad4726d33e2291a5b3e3bf4f30b2f723c65a583b74a9365e30e097c7",
    },
    StandardProfile {
        name: "LStar-RGB, Color Solutions 2004",
        length: 1052,
        sha256: "bebbe3af5a7019a2a60d85e9a0aef805003a7838517f9622f650b75057a8e534",
    },
    StandardProfile {
        name: "sRGB, Artifex 2011 (Ghostscript)",
        length: 2576,
        sha256: "eddaf344b5edea13269e0d20055f335610e5e0b6e33e6e536f2701bc18c5f7d5",
    },
    StandardProfile {
        name: "esRGB, Artifex 2019 (Ghostscript)",
        length: 12_840,
        sha256: "4e09b5549edaff8a229e385306215991481b7d70f02d3ed891cfcd78f196e359",
    },
    StandardProfile {
        name: "ROMM RGB, Artifex 2019 (Ghostscript)",
        length: 564,
        sha256: "52f5eade48da10b9ddfe132e6f30ac111b8764acb1228b7a8c5a4033cc6ff072",
    },
    StandardProfile {
        name: "A98, Artifex 2018 (Ghostscript)",
        length: 564,
        sha256: "c0995b8b196223f1c029c013b04d0ee11bce3d3dd8a23f814cac73e50ac0719a",
    },
    StandardProfile {
        name: "sGray, Artifex 2018 (Ghostscript)",
        length: 2460,
        sha256: "d3aaaa8ad45ec8a0108fd393a07488073ee24561fd5ed2d1f88c59771278cabd",
    },
    StandardProfile {
        name: "sGray, Artifex 2011 (Ghostscript)",
        length: 416,
        sha256: "0976fe7bc0f118a47c89747cb707c6f76044b48baf670dad811d0514bc2c4214",
    },
    StandardProfile {
        name: "CMYK SWOP, Artifex 2011 (Ghostscript)",
        length: 187_484,
        sha256: "8472fa1493a024b800b67dee9424835ec0c41ab79490200ae8ec4a689fd1b9a9",
    },
    StandardProfile {
        name: "ISO Coated v2 300%, basICColor 2007",
        length: 1_052_612,
        sha256: "b424c77f40c3423c925536f8ae08634985ccd0fe80eb253d5d229197ded7e886",
    },
    StandardProfile {
        name: "sRGB-elle-V2-srgbtrc, Elle Stone 2015",
        length: 9080,
        sha256: "5991c8d8fcb628dad5d052d9341df8a32bd3c7a794c913a8ede8eae4b34b4545",
    },
    StandardProfile {
        name: "sRGB-elle-V2-g10, Elle Stone 2015",
        length: 880,
        sha256: "51373873702823054c739d013cf68d37bdd5810544fb5cc6285da7380d454704",
    },
    StandardProfile {
        name: "ClayRGB-elle-V2-g22, Elle Stone 2015",
        length: 892,
        sha256: "bd1c8833f8bf622325c936345787565daa2626f39d03850ddd078b78855b9ac8",
    },
    StandardProfile {
        name: "LargeRGB-elle-V2-g22, Elle Stone 2015",
        length: 892,
        sha256: "0c2f617adc57b99a768b743d781072351eedab5efdc50217c71808b717d1a8ab",
    },
    StandardProfile {
        name: "WideRGB-elle-V2-g22, Elle Stone 2015",
        length: 892,
        sha256: "46c3d4f7646f1a0af73d62e95ed5a1f8411136f7dfad42bdca249da57d293466",
    },
    StandardProfile {
        name: "Rec2020-elle-V4-g10, Elle Stone 2015",
        length: 1076,
        sha256: "7f0774a7434c2bfbe8f0930475112c2d3febad8d22d4f82fde6f20e6301692f2",
    },
    StandardProfile {
        name: "Gray-D50-elle-V2-srgbtrc, Elle Stone 2015",
        length: 8868,
        sha256: "c96c2c75acdf4732da2f5ce0441a976759dd4ff8948d8e95b8fba63965ff323d",
    },
    StandardProfile {
        name: "ITU-R BT.2100 PQ, full range, Adobe 2015",
        length: 13_472,
        sha256: "8a66e7e397f1a833f34b584681857589144a1da01918e2b52447c56bdebd5e4f",
    },
    // The real ones are not ours to put into the repository.
    #[cfg(test)]
    StandardProfile {
        name: "Text in place of a standard profile",
        length: 29,
        sha256: "9dbe34e85cfd346faadb5387d4ace84d835ce33efc54e4e820ff9cd5101e48bd",
    },
];

"""The word check finds what it is for, and nothing else."""

from tools.check_words import PHRASES, find, tracked_files


def test_a_phrase_is_found_with_its_line_and_a_better_one():
    (finding,) = find("a.md", "One.\n\nThe file is written anew.\n")
    assert str(finding) == "a.md:3: “anew”: write again, new"


def test_a_phrase_is_found_over_the_end_of_a_comments_line():
    text = "fn f() {}\n    /// What is behind\n    /// the end is removed, at the\n    // most.\n"
    found = [(finding.line, finding.phrase) for finding in find("a.rs", text)]
    print(f"saw {found}")
    assert found == [(2, "behind the end"), (3, "at the most")]


def test_plain_english_passes():
    text = "A proxy is behind a firewall. The photo is published at most once; the table says which.\n"
    assert find("a.md", text) == []


def test_every_phrase_is_a_pattern_that_matches_something_and_names_another():
    for phrase, instead in PHRASES.items():
        assert instead.strip(), phrase
        assert not find("a.md", instead), f"{instead!r} is itself not allowed"
    print(f"saw {len(PHRASES)} phrases")


def test_the_check_reads_prose_and_code_but_no_licences():
    files = tracked_files()
    print(f"saw {len(files)} files")
    assert {"README.md", "justfile", "scrub/src/lib.rs", "pulumi/Main.yaml", "tools/venv.py"} <= set(files)
    assert not [file for file in files if "LICENSE" in file or file.endswith((".lock", ".json"))]

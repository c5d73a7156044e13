"""The content key: what it depends on and what it does not."""

import pytest

from sim.runs.manifest import canonical, content_key, folder_name


def resolved(**run):
    return {"run": {"members": 10, "seed": 1, **run}, "parameters": {"b": 2.0, "a": 1.0}}


def test_order_of_keys_and_what_is_kept_do_not_count():
    turned = {"parameters": {"a": 1.0, "b": 2.0}, "run": {"seed": 1, "members": 10, "keep_terms": True}}
    assert content_key(resolved(), "facts", "1") == content_key(turned, "facts", "1")


@pytest.mark.parametrize(
    "other",
    [
        (resolved(members=11), "facts", "1"),
        (resolved(seed=2), "facts", "1"),
        (resolved(), "other facts", "1"),
        (resolved(), "facts", "2"),
    ],
)
def test_members_seed_facts_and_model_count(other):
    assert content_key(resolved(), "facts", "1") != content_key(*other)


def test_not_a_number_has_no_key():
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("baseline", "baseline-01234567"),
        ("../../etc", "etc-01234567"),
        ("a b\n", "a-b-01234567"),
        ("", "scenario-01234567"),
        ("?!", "scenario-01234567"),
        ("План А", "План-А-01234567"),
        ("и\N{COMBINING BREVE}", "й-01234567"),
        ("Ы" * 200, "Ы" * 40 + "-01234567"),
        ("a" * 79 + "Ы", "a" * 79 + "-01234567"),
    ],
)
def test_folder_names_stay_in_their_folder(name, folder):
    assert folder_name(name, "0123456789abcdef") == folder


def test_title_changes_no_key_of_a_real_scenario(tmp_path):
    from sim.scenario import load_scenario

    text = 'extends = "baseline"\ntitle = "{}"\n[run]\nmembers = 7\n'
    keys = []
    for title in ("one", "another"):
        (tmp_path / "my.toml").write_text(text.format(title))
        keys.append(content_key(load_scenario(tmp_path / "my.toml").resolved(), "facts", "1"))
    assert keys[0] == keys[1]

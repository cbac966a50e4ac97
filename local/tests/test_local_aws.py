"""The copy of the program that a local AWS deploys."""

from local import local_aws


def test_a_copied_config_keeps_its_own_encryption_and_none_of_the_users():
    users = "encryptionsalt: v1:users\nconfig:\n  aws:region: eu-west-1\nsecretsprovider: awskms://alias/users\n"
    copy = "config:\n  aws:region: eu-central-1\nencryptionsalt: v1:ours\n"
    assert local_aws._with_encryption_of(copy, users) == "config:\n  aws:region: eu-west-1\nencryptionsalt: v1:ours\n"

"""The demonstration: the sample of Sơn La played in a fresh installation, its figures shown and everything checked."""

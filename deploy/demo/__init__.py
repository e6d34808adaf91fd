"""The demonstration: the year 2023 of Sơn La played in a fresh installation, its figures shown and everything checked."""

"""Single sign-on: an organisation's own OpenID provider says who somebody is (SEC-03, TEN-20)."""

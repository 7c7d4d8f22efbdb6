"""allauth's views of the entrance, open to accounts that may not do anything else yet."""

from allauth.account import views

signup = views.signup
signin = views.login
signout = views.logout

# DeviceSessionMiddleware asks a view for these marks (`policies.require_standing`).
signout.open_to_suspended = True
for _view in (
    signin,
    signout,
    views.confirm_login_code,
    views.email_verification_sent,
    views.confirm_email,
    views.reauthenticate,
    views.password_reset,
    views.password_reset_from_key,
):
    _view.open_to_unverified = True

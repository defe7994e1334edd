"""Coming in: by code, password, slip, passkey or an account elsewhere; the second factor; my own sign-in."""

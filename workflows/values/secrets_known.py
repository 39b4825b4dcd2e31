"""Holds what secrets are called, language by language, and how issued tokens begin.

Alternatives are regular expressions in small letters; of two that begin alike, the longer one stands first.
"""

from __future__ import annotations

from collections.abc import Mapping

REMOVED = "[removed]"  # stands where a secret stood

UNSPACED = "密码|密碼|口令|パスワード|暗証番号|비밀번호|암호"  # where "is" follows without a blank, too
# What means a secret when a value follows; a part of an identifier too (`clientSecretValue`). English stands first.
LABELS: Mapping[str, tuple[str, ...]] = {
    "English, and keys of programs": (
        r"(?:api|access|private|secret|signing|encryption|master|account|shared|ssh|hmac)[ _-]?key",
        r"(?:consumer|recovery|bitlocker|wi-?fi|wlan|wep|wpa[23]?|network)[ _-]?key",
        r"(?:access|recovery|backup|verification|security|one[ -]time|pin|sms|mfa|secret)[ -]?code",
        r"(?:security|secret|recovery|challenge)[ _-]?(?:question[ _-]?)?answer",
        r"p[a@]ss(?:w[o0]?rd|wd|ph?rase|code)|pass?frase|p[a@]sw[o0]rd|(?<![a-z])p[a@]ss[ _-](?:w[o0]rd|phrase|code)",
        r"wpa[23]?(?=[ \t]{0,4}[:=])",
        r"(?:admin|db|ldap|login|mail|my|new|old|root|smtp|sql|sys|temp|tmp|user|usr|vpn|wifi)(?:pass|pin)(?![a-z])",
        r"secret|token|credentials",
        r"authorization|j?session[ _-]?id|glide_(?:session|user)",
    ),
    "German": (
        r"(?:api|zugriffs|zugangs|sicherheits|netzwerk|wlan|wiederherstellungs)[ _-]?schl[uü]ssel",
        r"(?:privater?|geheimer?) schl[uü]ssel",
        r"(?:zugangs|zugriffs|einmal|best[äa]tigungs|anmelde)[ -]?code|(?:pass|kenn)w[oö]rt(?:er)?",
        r"sicherheitsantwort|geheime antwort|geheim(?:nis)?",
    ),
    "French": (
        r"cl[ée] (?:api|d.api|priv[ée]e|secr[èe]te|d.acc[èe]s|wi-?fi|de r[ée]cup[ée]ration)|mots? de passe|jeton",
        r"code (?:secret|confidentiel|pin|d.acc[èe]s|de v[ée]rification)|r[ée]ponse (?:secr[èe]te|de s[ée]curit[ée])",
    ),
    "Spanish, Portuguese, Italian": (
        r"(?:clave|chave|chiave) (?:(?:de |di )?(?:api|secreta|privada|privata|segreta|acceso|acesso|accesso)"
        r"|(?:de(?: la| tu| mi)?|del|d[ao]|della|dell') ?(?:wi-?fi|vpn|red|rede|rete|cuenta|conta|correo|e-?mail))",
        r"clave(?! del?\b)",  # alone it is a password in Spanish; "clave de departamento" is an ordinary code
        r"c[óo]digo (?:secreto|pin|de acc?es+o|de verifica[a-zçãó]+)|secreto|segreto|segredo",
        r"codice (?:segreto|pin|di accesso|di verifica)|parola (?:d.ordine|chiave)",
        r"(?:respuesta|resposta|risposta) (?:secreta|segreta|(?:de|di) (?:seguridad|seguran[çc]a|sicurezza))",
        r"contrase(?:ñ|n|nh)a|senha|palavra[ -]passe",
    ),
    "Dutch": (
        r"(?:api[ -]?|toegangs|geheime )sleutel|wachtwoord(?:zin)?|(?:toegangs|inlog|herstel)code|beveiligingsantwoord",
    ),
    "Polish": (
        r"klucz (?:api|prywatny|tajny|dost[ęe]pu)|(?:prywatny|tajny) klucz|has[łl][oa]|sekret",
        r"kod (?:pin|dost[ęe]pu|jednorazowy|weryfikacyjny)",
    ),
    "Danish, Norwegian, Swedish, Finnish": (
        r"adgangskode|kodeord|passord|l[öo]senord|salasana|(?:hemlig|hemmelig) (?:nyckel|n[øo]gle|n[øo]kkel)",
    ),
    "Czech, Slovak, Slovenian, Croatian, Serbian": (r"heslo|geslo|lozink[aeu]|лозинк[ае]",),
    "Hungarian, Romanian, Turkish, Lithuanian": (r"jelsz[óo]|parol[ăa]|[şs]ifre|slapta[žz]odis",),
    "Russian, Ukrainian, Bulgarian, Greek": (r"парол[ьяаю]|κωδικ[όο]ς(?: πρόσβασης)?|συνθηματικ[όο]",),
    "Arabic, Hebrew, Hindi": (r"كلم[ةه] (?:المرور|السر)|סיסמ[אה]|पासवर्ड",),
    "Chinese, Japanese, Korean": (UNSPACED,),
    "Vietnamese, Thai, Indonesian, Malay": (r"mật khẩu|รหัสผ่าน|kata (?:sandi|laluan)",),
}
# What means a secret also, but rather a key, a badge or a name: only before what looks like one, "klucz: Zx9!kLm2".
KEYS = (
    "clave|chave|chiave|cl[ée]|schl[üu]ssel|sleutel|klucz|nyckel|n[øo]gle|n[øo]kkel|zugangskennung|losung"
    "|credencial|credenziale"
)
# Only as words of their own, as a part in camel case, or at the end of a key such as `temppw`; `ENDLESS` not there,
# because words end so, too.
SHORT = ("passw", "pss?wrd", "psswd", "pword", "pwd", "pw", "pswd", "mdp")
ENDLESS = ("pass", "psw", "p/w", "pin", "puk", "otp", "psk")
# "is", between a label and its value.
IS = ("is", "ist", "lautet", "est", "este", "es", "é", "è", "jest", "brzmi", "är", "er")

# What may stand between a label and "is", or the value.
ADJECTIVE = (
    "new|temporary|temp|initial|current|neue?s?|vorl[äa]ufig(?:es)?|tempor[äa]r(?:es)?|provisoire|temporaire|nouveau"
    "|temporal|provisional|nuev[ao]|inicial|provis[óo]ri[ao]|tempor[áa]ri[ao]|nov[ao]|provvisori[ao]|temporane[ao]"
    "|nuov[ao]|iniziale|tijdelijke?|nieuwe?|tymczasowe|nowe|midlertidige?|nye?|tillf[äa]lligt|nytt"
)
# "will be" and the like, after which only what looks made up is a value: "the password will be reset" tells none.
WILL_BE = "(?:will|shall|should)[ \t](?:now[ \t])?be|becomes|wird|lauten|sera|será|sarà|wordt|będzie|blir"
# What stands before "ada / Welcome1!" or "ada:Welcome1!", and before the two without anything between them.
CREDENTIALS = (
    "creds?|credentials?|zugangsdaten|anmeldedaten|identifiants|credenciales|credenciais|credenziali|logingegevens"
)
ACCOUNT = (
    rf"{CREDENTIALS}|log(?:ged|s)?[ -]?in|sign[ -]?in|user(?:[ -]?(?:name|id))?|account|benutzer(?:name)?|usu[aá]rio"
    "|utilisateur|utente"
)
# What stands before the token in the path of a link that works once: Okta's own (the links in its mails:
# https://developer.okta.com/docs/guides/custom-email/main/), and what others call theirs.
ONE_TIME = (
    "welcome|activat(?:e|ion)|reset[-_]?password|password[-_]?reset|account[-_]?unlock|unlock|verify|verif(?:y|ication)"
    "[-_]?email|tokens?|invit(?:e|es|ation|ations)|magic[-_]?links?|one[-_]?time"
)

# "your code is 482911": whose code it is, what stands before the word (nothing else does, so that no postal code is
# taken), and the word. Messages also say it the other way round: "482911 is your verification code".
WHOSE = r"your|my|dein|ihr|mein|votre|ton|mon|su|tu|mi|seu|teu|meu|tuo|mio|uw|jouw|mijn|twój|mój"
OF_A_CODE = (
    r"verification|security|login|sign-?in|access|authenticat\w{2,5}|confirmation|one[ -]time|temporary|new|sms|mfa|2fa"
    r"|okta|microsoft|google|duo"
)
CODE = r"code|código|codigo|codice|kod|pin|otp|passcode"

# How issued tokens begin. Unless another page is named, as a scanner for them knows it:
# https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
PREFIXES: tuple[str, ...] = (
    *("ATATT3", "ATCTT3"),  # Atlassian
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    *("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-"),
    *("xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"),  # Slack
    *("sk_live_", "sk_test_", "rk_live_", "rk_test_"),  # Stripe
    *("sk-proj-", "sk-ant-", "sk-svcacct-", "sk-admin-"),  # OpenAI, Anthropic
    *("dop_v1_", "doo_v1_", "dor_v1_"),  # DigitalOcean
    *("NRAK-", "NRJS-", "NRII-"),  # New Relic
    *("hvs.", "hvb."),  # HashiCorp Vault
    *("glsa_", "glc_"),  # Grafana
    *("shpat_", "shpca_", "shppa_", "shpss_"),  # Shopify
    *("sntrys_", "sntryu_"),  # Sentry
    *("pscale_tkn_", "pscale_pw_", "pscale_oauth_"),  # PlanetScale
    *("npm_", "pypi-", "rubygems_", "SG.", "dp.pt.", "dt0c01.", "dapi", "hf_", "lin_api_", "ntn_", "PMAK-", "pul-"),
    *("HRKU-", "xkeysib-", "sq0atp-", "LTAI", "p8e-", "ops_eyJ", "AGE-SECRET-KEY-1"),
    *("ya29.", "GOCSPX-"),  # Google: https://developers.google.com/identity/protocols/oauth2
)

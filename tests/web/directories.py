"""A house's directory in this process: OpenID Connect as far as a sign-in needs it."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
CLIENT, SECRET = "chartfiler", "the client's secret"


class FakeDirectory:
    """Whoever is sent here is signed in as ``person``; tests spoil one thing each."""

    def __init__(self):
        self.person = {
            "sub": "4711",
            "preferred_username": "Ada",
            "groups": ["chart-clerks", "chart-north", "staff"],
        }
        self.spoiled = {}  # claims of the next token
        self.key, self.alg = KEY, "RS256"
        self.says_issuer = None
        self.codes, self.calls = {}, []
        directory = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                directory.answer(self)

            def do_POST(self):
                length = int(self.headers["content-length"])
                directory.token(self, parse_qs(self.rfile.read(length).decode()))

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, request):
        match request.path:
            case "/.well-known/openid-configuration":
                self.tell(request, 200, {
                    "issuer": self.says_issuer or self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                })  # fmt: skip
            case "/keys":
                self.tell(request, 200, KeySet([KEY]).as_dict(private=False))
            case path if path.startswith("/authorize?"):
                request.send_response(303)
                request.send_header("location", self.way_back(path))
                request.end_headers()
            case _:
                self.tell(request, 404, {})

    def visit(self, url):
        """What a person's browser does at the directory: the way back with a code."""
        back = urlsplit(self.way_back(url))
        return f"{back.path}?{back.query}"

    def way_back(self, url):
        asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, request, form):
        asked = self.codes.pop(form["code"][0], None)
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        right = request.headers["authorization"] == f"Basic {basic}"
        if not asked or challenge != asked["code_challenge"] or not right:
            self.tell(request, 400, {"error": "invalid_grant"})
            return
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.person, **self.spoiled,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.alg, "kid": "1"}
        signed = jwt.encode(header, claims, self.key, algorithms=[self.alg])
        self.tell(request, 200, {
            "access_token": "x", "token_type": "Bearer", "id_token": signed,
        })  # fmt: skip

    def tell(self, request, status, what):
        body = json.dumps(what).encode()
        request.send_response(status)
        request.send_header("content-type", "application/json")
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

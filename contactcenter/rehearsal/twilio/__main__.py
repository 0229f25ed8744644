"""`python -m contactcenter.rehearsal.twilio --port 8071 --app http://127.0.0.1:8000 ...`"""

import argparse
import sys

from contactcenter.rehearsal.twilio.network import Network
from contactcenter.rehearsal.twilio.server import Server
from contactcenter.rehearsal.twilio.wire import Options


def main() -> None:
    asked = _arguments()
    options = Options(
        app=asked.app.rstrip("/"),
        public=asked.public.rstrip("/"),
        account_sid=asked.account_sid,
        auth_token=asked.auth_token,
        speed=asked.speed,
        duplicate=asked.duplicate,
        delay=asked.delay,
        seed=asked.seed,
    )
    server = Server(Network(options), asked.port)
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="contactcenter.rehearsal.twilio", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one, printed first")
    parser.add_argument("--app", required=True, help="where the product answers")
    parser.add_argument("--public", default="", help="its PUBLIC_BASE_URL, if that is another")
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster time runs")
    parser.add_argument("--duplicate", type=float, default=0.0, help="share sent twice")
    parser.add_argument("--delay", type=float, default=0.0, help="longest delay of a callback")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()

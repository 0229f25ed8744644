"""Opening requests through the API, beside PostgreSQL alone and beside an empty page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.bare import Rows
from bench.clients import Ask, Browser, Measured, measure
from bench.machine import Groups, cpu_seconds
from bench.product import Product
from bench.tables import Table

CLIENTS = (1, 4, 16)
WARM_UP_SECONDS = 2.0
BODY = {
    "subject": "Payer la taxe foncière en plusieurs fois",
    "text": "Bonjour, je voudrais savoir comment payer ma taxe foncière en plusieurs fois et à"
    " qui m’adresser. Merci de votre réponse. Cordialement.",
}


@dataclass(frozen=True)
class Cost:
    """What was got, and the processor time it took, in milliseconds each."""

    got: Measured
    web: float
    postgres: float

    @property
    def cpu(self) -> float:
        return self.web + self.postgres

    @property
    def columns(self) -> tuple[float, ...]:
        got = self.got
        spent = (self.cpu, self.web, self.postgres)
        return (round(got.rate), got.percentile(50), got.percentile(95), *spent)


def bench(
    product: Product,
    seconds: float,
    *,
    warm_up: float = WARM_UP_SECONDS,
    clients: Sequence[int] = CLIENTS,
) -> None:
    groups = Groups.of(product)
    token = product.token("agent@centre.example", "tickets:write")
    opening = _opening(product, token)
    measure(clients[1], warm_up, opening)
    rows = Rows(product)
    table = Table(
        "Open a request through the API",
        ("clients", "requests/s", "p50 ms", "p95 ms", "CPU ms", "of it web", "of it PostgreSQL"),
    )
    limits = Table(
        "The limits of the same run",
        ("clients", "PostgreSQL alone/s", "CPU ms", "empty page/s", "CPU ms", "ratio of CPU"),
    )
    for many in clients:
        cost = _cost(groups, many, seconds, opening)
        bare = _cost(groups, many, seconds / 2, rows.writer)
        empty = _cost(groups, many, seconds / 2, _empty(product))
        table.row(many, *cost.columns)
        floor = bare.postgres + empty.web
        ratio = cost.cpu / floor if floor else 0.0
        rates = round(bare.got.rate), round(empty.got.rate)
        limits.row(many, rates[0], bare.postgres, rates[1], empty.web, ratio)
    table.print("target: 400/s with 4 clients on two free cores, CPU at most 4 ms")
    limits.print("ratio: CPU of a request to that of its bare rows and an empty page together")


def _cost(groups: Groups, clients: int, seconds: float, make: Callable[[], Ask]) -> Cost:
    web, postgres = cpu_seconds(groups.web), cpu_seconds(groups.postgres)
    got = measure(clients, seconds, make)
    many = max(1, len(got.took)) / 1000
    return Cost(
        got,
        (cpu_seconds(groups.web) - web) / many,
        (cpu_seconds(groups.postgres) - postgres) / many,
    )


def _opening(product: Product, token: str) -> Callable[[], Ask]:
    def make() -> Ask:
        browser = Browser(product.port, {"Authorization": f"Bearer {token}"})
        return lambda: _opened(browser)

    return make


def _opened(browser: Browser) -> None:
    browser.post_json("/api/v1/tickets", BODY)


def _empty(product: Product) -> Callable[[], Ask]:
    def make() -> Ask:
        browser = Browser(product.port)
        return lambda: _looked(browser)

    return make


def _looked(browser: Browser) -> None:
    browser.get("/healthz")

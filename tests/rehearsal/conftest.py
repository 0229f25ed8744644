"""One whole product for all tests of a file: it takes seconds to start."""

from collections.abc import Iterator

import pytest

from servers.testing import Cluster
from tests.rehearsal.product import Product


@pytest.fixture(scope="module")
def product(cluster: Cluster) -> Iterator[Product]:
    product = Product(cluster.migrated)
    try:
        product.start()
        yield product
    finally:
        product.stop()

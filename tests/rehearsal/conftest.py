"""One whole product for all tests of a file: it takes seconds to start."""

from collections.abc import Iterator

import pytest

from tests.rehearsal.product import Product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    product = Product()
    try:
        product.start()
        yield product
    finally:
        product.stop()

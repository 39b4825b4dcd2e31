"""One first call tells address, connection, credential and clock apart; a fault is one line."""

from __future__ import annotations

import pytest

from connectors.http.statuses import ADDRESS, CREDENTIAL
from worker.doctor.products import Place, checks_of
from worker.doctor.running import Running
from workflows.errors import Misconfigured, Transient
from workflows.ports import Probe


class Product:
    """A product whose first call ends so."""

    name = "snow"

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.asked = error, 0

    def identity(self) -> str:
        self.asked += 1
        if self.error:
            raise self.error
        return "svc.forcesync"

    def probes(self) -> tuple[Probe, ...]:
        return (Probe("tag", "the tag", ("desks.snow.tag",), "create it", lambda: "there"),)


PLACE = Place("desks.snow", "https://127.0.0.1", "", "desks.snow.password")


def statuses(product: Product, place: Place = PLACE) -> dict[str, str]:
    results = Running(list(checks_of(product, place))).results()
    return {item.id.removeprefix("desks.snow."): item.status.value for item in results}


def test_a_product_in_order_is_asked_once_who_we_are() -> None:
    product = Product()
    assert {"ok"} == set(statuses(product).values())
    assert 1 == product.asked


@pytest.mark.parametrize(
    ("error", "failing"),
    [
        (Transient("snow", "find its own account", "HTTP 503"), "connection"),
        (Misconfigured("snow", "find its own account", "its TLS certificate", cause=ADDRESS), "connection"),
        (Misconfigured("snow", "find its own account", "HTTP 401", cause=CREDENTIAL), "credential"),
        (Misconfigured("snow", "find its own account", "no such user"), "credential"),
    ],
)
def test_what_the_first_call_meets_is_one_failing_line(error: Exception, failing: str) -> None:
    found = statuses(Product(error))
    assert [failing] == [id for id, status in found.items() if status == "fail"]
    assert "unknown" == found["tag"]


def test_a_host_without_an_address_is_not_called() -> None:
    product = Product()
    found = statuses(product, PLACE._replace(url="https://host.invalid"))
    assert ["address"] == [id for id, status in found.items() if status == "fail"]
    assert 0 == product.asked


def test_behind_a_proxy_only_the_proxy_needs_an_address() -> None:
    place = PLACE._replace(url="https://host.invalid", proxy="http://somebody:s3cret@127.0.0.1:3128")
    results = Running(list(checks_of(Product(), place))).results()
    assert "ok" == results[0].status
    assert "s3cret" not in results[0].seen

"""ServiceNow's refusals, each with its status and its two texts.

https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/r_RESTAPIHTTPResponseCodes.html: 403 may be a missing
permission, an ACL, a business rule or a data policy, and 404 may be an ACL too; only the texts differ.
"""

from __future__ import annotations


class SnowError(Exception):
    """A refusal of the Table or Attachment API."""

    def __init__(self, status: int, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.detail = status, message, detail


def no_record() -> SnowError:
    """Return the refusal for a missing or hidden record; the two look the same."""
    return SnowError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")


def not_allowed(what: str) -> SnowError:
    """Return an ACL's refusal to write."""
    return SnowError(403, "Operation Failed", f"ACL Exception {what} Failed due to security constraints")


def mandatory(*fields: str) -> SnowError:
    """Return a data policy's refusal, which names the missing fields by label."""
    text = f"Data Policy Exception: The following fields are mandatory: {', '.join(fields)}"
    return SnowError(403, "Operation Failed", text)


def aborted(table: str, rule: str, rule_id: str) -> SnowError:
    """Return a business rule's refusal (https://support.servicenow.com/, KB0813377)."""
    words = f"Operation against file '{table}' was aborted by Business Rule '{rule}^{rule_id}'."
    return SnowError(403, "Operation Failed", f"{words} Business Rule Stack:{rule}")

"""Crypt filters that pdfminer does not open, although the standard password does.

pdfminer asks that strings and streams go through one filter, and that every filter stands in
the encryption dictionary itself. Real files encrypt only one of the two (``/StrF /Identity``)
and refer to their filters (ISO 32000-2, 7.6.6).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pdfminer.pdfdocument import (
    PDFDocument,
    PDFEncryptionError,
    PDFStandardSecurityHandler,
    PDFStandardSecurityHandlerV4,
    PDFStandardSecurityHandlerV5,
)
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import literal_name

from indexer.extract.pdf.objects import QuickDocument

_IDENTITY = "Identity"


class _CryptFilters(PDFStandardSecurityHandlerV4):
    """Version 4, with a filter for strings and another for streams."""

    def init_params(self) -> None:
        """Read the encryption dictionary; raises PDFEncryptionError for an unknown method."""
        PDFStandardSecurityHandler.init_params(self)
        self.length = 128
        self.encrypt_metadata = bool(resolve1(self.param.get("EncryptMetadata", True)))
        filters = dict_value(self.param.get("CF"))
        self.stmf, self.strf = self._chosen("StmF"), self._chosen("StrF")
        self.cfm = {
            name: self._method(dict_value(filters.get(name))) for name in {self.stmf, self.strf}
        }

    def decrypt(
        self,
        objid: int,
        genno: int,
        data: bytes,
        attrs: dict[str, Any] | None = None,
        name: str | None = None,
    ) -> bytes:
        """Return the plain bytes of a stream, which comes with attributes, or of a string."""
        chosen = name or (self.strf if attrs is None else self.stmf)
        plain: bytes = super().decrypt(objid, genno, data, attrs, chosen)
        return plain

    def _chosen(self, key: str) -> str:
        value = resolve1(self.param.get(key))
        return _IDENTITY if value is None else literal_name(value)

    def _method(self, crypt_filter: Mapping[str, Any]) -> Any:
        method = resolve1(crypt_filter.get("CFM"))
        if method is None or literal_name(method) == "None":
            return self.decrypt_identity
        found = self.get_cfm(literal_name(method))
        if found is None:
            raise PDFEncryptionError(f"Unknown crypt filter method: {method!r}")
        return found


class _CryptFiltersV5(PDFStandardSecurityHandlerV5, _CryptFilters):
    """Version 5 (AES-256): its keys, our filters."""


class ProtectedDocument(QuickDocument):
    """A document that opens with either."""

    security_handler_registry: ClassVar[dict[int, Any]] = {
        **PDFDocument.security_handler_registry,
        4: _CryptFilters,
        5: _CryptFiltersV5,
    }

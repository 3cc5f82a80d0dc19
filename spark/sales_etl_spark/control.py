"""Small objects beside the warehouse - lease, intents, receipts - of which each is written by one writer for sure."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Stored:
    text: str
    version: str
    """Of this text: a replacement names the version that it replaces."""


class Control(Protocol):
    uri: str

    def read(self, key: str) -> Stored | None: ...

    def create(self, key: str, text: str) -> bool:
        """False where there is one already: of any number of simultaneous writers exactly one gets True."""
        ...

    def replace(self, key: str, text: str, version: str) -> bool:
        """False where the object is no longer the one of `version`."""
        ...

    def write(self, key: str, text: str) -> None:
        """Whatever was there before; for objects that only the holder of the lease writes."""
        ...

    def keys(self, prefix: str) -> list[str]: ...


class FolderControl:
    """A folder of this machine. A new object appears by a link, whole and once; replacing needs the folder's lock."""

    def __init__(self, folder: Path) -> None:
        self.uri = str(folder)
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The operating system lets go of it with the process."""
        with (self._folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _draft(self, path: Path, text: str) -> Iterator[Path]:
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        draft.write_text(text, encoding="utf-8")
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def read(self, key: str) -> Stored | None:
        try:
            text = self._path(key).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Stored(text, sha256(text.encode()).hexdigest())

    def create(self, key: str, text: str) -> bool:
        path = self._path(key)
        with self._draft(path, text) as draft:
            try:
                os.link(draft, path)
            except FileExistsError:
                return False
        return True

    def replace(self, key: str, text: str, version: str) -> bool:
        with self._locked():
            found = self.read(key)
            if found is None or found.version != version:
                return False
            self.write(key, text)
        return True

    def write(self, key: str, text: str) -> None:
        path = self._path(key)
        with self._draft(path, text) as draft:
            draft.replace(path)

    def keys(self, prefix: str) -> list[str]:
        files = (path for path in self._folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        keys = (path.relative_to(self._folder).as_posix() for path in files)
        return sorted(key for key in keys if key.startswith(prefix))


def open_control(spark: SparkSession, uri: str, catalog: str) -> Control:
    """`s3://bucket[/prefix]`, reached as the catalog reaches its files; or a folder."""
    if uri.startswith("s3://"):
        from sales_etl_spark.s3_control import S3Control

        return S3Control(spark, uri, catalog)
    return FolderControl(Path(uri))

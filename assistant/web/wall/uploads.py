"""Takes the files that people send, each into a folder of its sender's."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from python_multipart.multipart import parse_options_header
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from assistant.errors import BusyError, LimitError
from assistant.serving.faults import NO_ROOM, is_full
from assistant.serving.limits import asker_of
from assistant.serving.refusing import RefusedError, refuse_file
from assistant.web.wall.bodies import MALFORMED
from assistant.web.wall.held import MOST_WAITING, Held, discard
from assistant.web.wall.owners import bound, owner_of
from assistant.web.wall.steps import check_name
from assistant.web.wall.wall import PREFIX

UPLOAD = f"{PREFIX}upload"
_MANY = f"Send at most {MOST_WAITING} files at a time. Nothing was kept."
_OFTEN = "Those were many files in an hour. Nothing was kept; try again later."
_LARGE = "This file is larger than is taken here. Nothing was kept."


@dataclass(frozen=True)
class _Coming:
    """The bytes that are on their way, so that many at once find no more room."""

    held: Held
    bytes: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def expect(self, scope: Scope, count: int) -> Iterator[None]:
        """Keep room for some bytes.

        Raises:
            BusyError: there is not as much.
        """
        key = asker_of(scope).key
        own, all_ = self.bytes[key] + count, self.bytes.total() + count
        self.held.check_room(scope, own, all_)
        self.bytes[key] += count
        try:
            yield
        finally:
            self.bytes[key] -= count
            if not self.bytes[key]:
                del self.bytes[key]


def add_uploads(
    app: FastAPI,
    held: Held,
    largest: int,
    count: Callable[[Scope, int], float] = lambda scope, files: 0.0,
) -> None:
    """Add the address that files are sent to, before Gradio's own.

    ``largest`` is in bytes. ``count`` counts more files of whoever sent a request than
    the one that each request counts for; it returns the seconds to wait where they are
    too many.
    """
    coming = _Coming(held)

    @app.post(UPLOAD, include_in_schema=False)
    async def upload(request: Request, upload_id: str | None = None) -> Response:
        try:
            with coming.expect(request.scope, _length(request, largest)):
                kept = await _keep(request, held, largest, upload_id)
                if len(kept) > 1 and count(request.scope, len(kept) - 1):
                    for file in kept:
                        discard(file)
                    raise RefusedError(429, _OFTEN)
                return JSONResponse([held.name_of(file) for file in kept])
        except RefusedError as refused:
            return refuse_file(refused.status, str(refused))
        except BusyError as error:
            status = 413 if isinstance(error, LimitError) else 507
            return refuse_file(status, str(error))
        except OSError as error:
            if not is_full(error):
                raise
            return refuse_file(507, NO_ROOM)
        except ClientDisconnect:
            # Nobody is there to be told.
            return refuse_file(400, MALFORMED)


def _length(request: Request, largest: int) -> int:
    told = request.headers.get("content-length", "")
    return int(told) if told.isdecimal() else largest


async def _keep(
    request: Request, held: Held, largest: int, upload_id: str | None
) -> list[Path]:
    """Keep the files of a request; of one that is refused or breaks off nothing stays."""
    owner = owner_of(request.scope)
    tracked = bound(owner, check_name(upload_id)) if upload_id else None
    folders = [held.new_folder(request.scope, "sent")]
    try:
        kept: list[Path] = []
        for sent in await _receive(request, folders[0], largest, tracked):
            if kept:
                # Each goes its own way: read, added or put away.
                folders.append(held.new_folder(request.scope, "sent"))
            kept.append(
                Path(sent.file.name).rename(folders[-1] / _name_of(sent.filename))
            )
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return kept


async def _receive(
    request: Request, folder: Path, largest: int, upload_id: str | None
) -> list[Any]:
    """Write the files of a request into a folder; return what was sent.

    Raises:
        RefusedError: it brings none, too many, or too large ones.
    """
    parser = _parser(request, folder, largest, upload_id)
    try:
        form = await parser.parse()
        sent: list[Any] = form.getlist("files")
        # What is no file has none.
        if sent and all(one.file for one in sent):
            return sent
        raise RefusedError(400, MALFORMED)
    except MultiPartException as error:
        raise _refusal(error.message) from None
    except OSError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RefusedError(400, MALFORMED) from None
    finally:
        # The room of a file that is open is not free, though it was removed.
        for part in parser._files_to_close_on_error:
            part.close()


def _parser(request: Request, folder: Path, largest: int, upload_id: str | None) -> Any:
    from gradio.route_utils import GradioMultiPartParser
    from gradio.routes import file_upload_statuses

    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise RefusedError(400, MALFORMED)
    if upload_id:
        file_upload_statuses.track(upload_id)
    return GradioMultiPartParser(
        request.headers,
        request.stream(),
        max_files=MOST_WAITING,
        max_fields=4,
        max_file_size=largest,
        upload_dir=str(folder),
        upload_id=upload_id,
        upload_progress=file_upload_statuses if upload_id else None,
    )


def _name_of(name: str) -> str:
    """Return a name for a file, whatever name it was sent under."""
    from gradio_client.utils import strip_invalid_filename_characters

    plain = strip_invalid_filename_characters(Path(name).name)
    return plain if plain not in ("", ".", "..") else "file"


def _refusal(said: str) -> RefusedError:
    if "maximum allowed size" in said:
        return RefusedError(413, _LARGE)
    if "Too many files" in said:
        return RefusedError(400, _MANY)
    return RefusedError(400, MALFORMED)

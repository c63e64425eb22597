"""Takes the files that people send, each into a folder of its sender's."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.formparsers import MultiPartException

from assistant.web.refusing import refuse
from assistant.web.wall.bodies import MALFORMED, RefusedError
from assistant.web.wall.held import Held
from assistant.web.wall.owners import bound, owner_of
from assistant.web.wall.steps import check_name
from assistant.web.wall.wall import PREFIX

UPLOAD = f"{PREFIX}upload"
_ONE = "Send one file at a time. Nothing was kept."
_LARGE = "This file is larger than is taken here. Nothing was kept."

log = logging.getLogger(__name__)


def add_uploads(app: FastAPI, held: Held, largest: int) -> None:
    """Add the address that files are sent to, before Gradio's own.

    Args:
        app: the application.
        held: where they are kept.
        largest: bytes of the largest file taken.
    """

    @app.post(UPLOAD, include_in_schema=False)
    async def upload(request: Request, upload_id: str | None = None) -> JSONResponse:
        owner = owner_of(request.scope)
        try:
            tracked = bound(owner, check_name(upload_id)) if upload_id else None
            folder = held.new_folder(owner, "sent")
            try:
                file = await _take(request, folder, largest, tracked)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        except RefusedError as refused:
            return refuse(refused.status, refused.sentence)
        return JSONResponse([str(file)])


async def _take(
    request: Request, folder: Path, largest: int, upload_id: str | None
) -> Path:
    """Put the file of a request into a folder; return it.

    Raises:
        RefusedError: it is none, or too large.
    """
    from gradio.route_utils import upload_fn
    from gradio.routes import file_upload_statuses

    try:
        files, left, _ = await upload_fn(
            request,
            str(folder),
            largest,
            upload_id,
            upload_progress=file_upload_statuses if upload_id else None,
            force_move=False,
        )
    except MultiPartException as error:
        if "maximum allowed size" in error.message:
            raise RefusedError(413, _LARGE) from None
        raise RefusedError(400, MALFORMED) from None
    except (HTTPException, TypeError):
        raise RefusedError(400, MALFORMED) from None
    if len(files) != 1 or left:
        raise RefusedError(400, _ONE)
    # Gradio puts it into a folder of its own, by its content.
    taken = Path(files[0])
    file = folder / taken.name
    taken.rename(file)
    taken.parent.rmdir()
    return file

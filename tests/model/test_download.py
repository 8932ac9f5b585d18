"""Downloads from a hub that fails in every way: the right files in the end, or one sentence."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import close_session

from model import receipt
from model.download import download, inspect, mend, work_folder
from model.errors import Cancelled, CheckpointError, never_cancelled
from model.jobs import Advanced, Fetch, Hindered, Mend
from model.transfer import DownloadError, Patience
from tests.helpers.hub import COMMIT, Ask, Bend, Hub, serve

ROOT = Path(__file__).resolve().parents[2]
HASTY = Patience(stall=0.3, connect=2.0, tries=3, first_wait=0.01, longest_wait=0.02)
WEIGHTS = "model-00001-of-00002.safetensors"
"""The larger of the test repository's files."""
SIZE = 1_500_000
UNTRUSTED = Path(__file__).resolve().parents[1] / "helpers" / "untrusted.pem"
"""A certificate that nobody vouches for, with its key: of no use but to be refused."""


class Told:
    """What a download told."""

    def __init__(self) -> None:
        self.advanced: list[Advanced] = []
        self.hindered: list[str] = []

    def __call__(self, told: Advanced | Hindered) -> None:
        if isinstance(told, Advanced):
            self.advanced.append(told)
        else:
            self.hindered.append(told.sentence)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Like a checkpoint as far as a download can see."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "LICENSE").write_text("Do as you like.")
    (folder / "picture.gif").write_text("nobody needs this")
    (folder / WEIGHTS).write_bytes(os.urandom(SIZE))
    (folder / "model-00002-of-00002.safetensors").write_bytes(os.urandom(200_000))
    return folder


@pytest.fixture
def hub(repository: Path) -> Iterator[Hub]:
    with serve(Hub(repository)) as served:
        yield served
    close_session()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def job(hub: Hub, tmp_path: Path) -> Fetch:
    return Fetch("Qwen/test", tmp_path / "models" / "test", endpoint=hub.url)


def once(bend: Bend, path: str = WEIGHTS, times: int = 1) -> Callable[[Ask], Bend | None]:
    return lambda ask: bend if ask.path == path and ask.earlier < times else None


def assert_right(folder: Path, repository: Path) -> None:
    wanted = {file.name: file.read_bytes() for file in repository.iterdir() if file.suffix != ".gif"}
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != receipt.NAME}
    assert found == wanted
    assert not work_folder(folder).exists()


def test_everything_that_a_model_needs_is_fetched(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    got = download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)
    assert got.commit == COMMIT
    assert {entry.path: entry.sha256 for entry in got.files} == {
        name: hashlib.sha256((repository / name).read_bytes()).hexdigest()
        for name in hub.names()
        if not name.endswith(".gif")
    }
    assert receipt.read(job.folder) == got
    assert [told.advanced[-1].done, told.advanced[-1].total] == [got.size, got.size]
    assert told.hindered == []


def test_nothing_else_is_asked_for_and_nobody_is_named(job: Fetch, hub: Hub, told: Told) -> None:
    download(job, told, never_cancelled, HASTY)
    assert hub.others == ["/api/models/Qwen/test/revision/main?blobs=true"]
    assert {ask.path for ask in hub.asked} == set(hub.names()) - {"picture.gif"}


@pytest.mark.parametrize(
    "bend",
    [
        Bend(stop_after=700_000),
        Bend(stop_after=700_000, unframed=True),
        Bend(stall_after=700_000),
        Bend(flip=5),
        Bend(status=503),
        Bend(status=429, headers={"Retry-After": "0"}),
    ],
    ids=["truncated", "ended without a word", "stalled", "corrupt", "busy", "too many requests"],
)
def test_fault_that_passes_ends_in_the_right_files(
    job: Fetch, repository: Path, hub: Hub, told: Told, bend: Bend
) -> None:
    hub.bend = once(bend)
    download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)
    (sentence,) = told.hindered
    assert WEIGHTS in sentence
    starts = hub.starts(WEIGHTS)
    assert starts == ([0, 0] if bend.flip or bend.status else [0, 700_000])


def test_list_of_files_is_asked_for_again(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    hub.bend = lambda ask: Bend(status=502) if ask.path == "" and ask.earlier == 0 else None
    download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)


@pytest.mark.parametrize("bend", [Bend(ignore_range=True), Bend(status=416)], ids=["ignored", "not satisfiable"])
def test_server_that_refuses_ranges_starts_anew(job: Fetch, repository: Path, hub: Hub, told: Told, bend: Bend) -> None:
    def bent(ask: Ask) -> Bend | None:
        if ask.path == WEIGHTS and ask.earlier == 0:
            return Bend(stop_after=300_000)
        return bend if ask.start else None

    hub.bend = bent
    download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)
    assert told.advanced[-1].done == told.advanced[-1].total


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (Bend(stop_after=0), "the connection broke, 3 times in a row"),
        (Bend(stall_after=0), "no byte came for too long, 3 times in a row"),
        (Bend(status=503), "the server is busy (status 503), 3 times in a row"),
        (Bend(flip=7), "came damaged 3 times"),
        (Bend(status=404), "does not give it out (status 404)"),
        (Bend(status=403), "does not give it out (status 403)"),
    ],
)
def test_fault_that_stays_ends_in_a_sentence(job: Fetch, hub: Hub, told: Told, bend: Bend, words: str) -> None:
    hub.bend = once(bend, times=1000)
    with pytest.raises(DownloadError) as raised:
        download(job, told, never_cancelled, HASTY)
    assert words in str(raised.value)
    assert not job.folder.exists()


def test_progress_gives_new_tries(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    """A line that breaks again and again is good enough as long as something comes each time."""
    hub.bend = once(Bend(stop_after=100_000), times=12)
    download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)
    assert hub.starts(WEIGHTS) == [100_000 * number for number in range(13)]


def test_unreachable_hub_is_a_sentence(job: Fetch, told: Told) -> None:
    with pytest.raises(DownloadError, match="the server cannot be reached, 3 times in a row"):
        download(replace(job, endpoint="http://127.0.0.1:9"), told, never_cancelled, HASTY)


def test_server_that_cannot_prove_who_it_is_gets_no_request(repository: Path, tmp_path: Path, told: Told) -> None:
    with serve(Hub(repository), UNTRUSTED) as hub:
        with pytest.raises(DownloadError, match="cannot prove who it is"):
            download(Fetch("Qwen/test", tmp_path / "test", endpoint=hub.url), told, never_cancelled, HASTY)
        assert (hub.asked, hub.others) == ([], [])
    close_session()


def test_paused_and_resumed_nothing_is_fetched_twice(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    def pause() -> None:
        if hub.sent > 500_000:
            raise Cancelled

    hub.bend = once(Bend(stall_after=600_000))  # so that the pause has a place
    with pytest.raises(Cancelled):
        download(job, told, pause, HASTY)
    there = (work_folder(job.folder) / f"{WEIGHTS}.part").stat().st_size
    hub.asked.clear()
    hub.bend = lambda _: None
    download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)
    assert hub.starts(WEIGHTS) == [there]
    assert there > 0
    assert len(hub.others) == 1, "the commit of the first try is kept"


def test_killed_and_resumed_nothing_is_fetched_twice(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    hub.bend = once(Bend(stall_after=800_000))
    words = [sys.executable, "-m", "model", "download", "qwen2.5-omni-7b", "--accept-licence"]
    process = subprocess.Popen([*words, "--hub", hub.url, "--to", job.folder], cwd=ROOT)
    part = work_folder(job.folder) / f"{WEIGHTS}.part"
    hub.wait_sent(800_000)
    end = 800_000 - (64 << 10)  # what may be on its way
    while not part.exists() or part.stat().st_size < end:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = part.stat().st_size
    hub.bend = lambda _: None
    hub.asked.clear()
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}  # as other programs may want it
    again = [*words, "--hub", hub.url, "--to", str(job.folder)]
    done = subprocess.run(again, cwd=ROOT, env=offline, check=True, capture_output=True)
    assert done.stdout.decode().strip() == str(job.folder)
    assert hub.starts(WEIGHTS) == [there]
    assert_right(job.folder, repository)


def _hear_the_keyboard() -> None:
    """Whatever is started in the background by a shell does not, and neither does what it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_interrupted_at_the_keyboard_it_is_paused(job: Fetch, hub: Hub) -> None:
    hub.bend = once(Bend(stall_after=800_000))
    words = [sys.executable, "-m", "model", "download", "qwen2.5-omni-7b", "--accept-licence", "--hub", hub.url]
    process = subprocess.Popen(
        [*words, "--to", job.folder],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_the_keyboard,  # noqa: PLW1509 -- no thread of the tests runs then
    )
    hub.wait_sent(800_000)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)  # the second one does not wait for a silent line
    _, said = process.communicate()
    assert process.returncode == 130
    assert said.splitlines()[0] == "Paused: the same command goes on from here."
    assert (work_folder(job.folder) / f"{WEIGHTS}.part").exists()


def test_part_of_another_file_is_thrown_away(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    work = work_folder(job.folder)
    work.mkdir(parents=True)
    (work / f"{WEIGHTS}.part").write_bytes(b"x" * (SIZE + 1))
    (work / "config.json.part").write_bytes(b"?")
    download(job, told, never_cancelled, HASTY)
    assert_right(job.folder, repository)


def test_shortfall_of_disk_is_named_before_any_file(
    job: Fetch, hub: Hub, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(ROOT)._replace(free=200_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)  # a disk that is full cannot be had
    with pytest.raises(DownloadError, match=r"0.0 GB more") as raised:
        download(job, told, never_cancelled, HASTY)
    assert "free" in str(raised.value)
    assert hub.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_full_disk_is_a_sentence(job: Fetch, hub: Hub, told: Told) -> None:
    def fill(news: Advanced | Hindered) -> None:
        if isinstance(news, Hindered):
            part = work_folder(job.folder) / f"{WEIGHTS}.part"
            part.unlink()
            part.symlink_to("/dev/full")

    hub.bend = once(Bend(stop_after=100_000))
    with pytest.raises(DownloadError, match="The disk is full"):
        download(job, fill, never_cancelled, HASTY)


def test_disk_that_takes_no_large_files_is_a_sentence(job: Fetch, told: Told) -> None:
    """As sticks are, on which no file may be larger than 4 GB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(DownloadError, match="takes no file so large"):
            download(job, told, never_cancelled, HASTY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_page_that_is_no_list_is_a_sentence(job: Fetch, hub: Hub, told: Told) -> None:
    """As a network shows that wants one to sign in."""
    hub.bend = lambda ask: Bend(status=200) if ask.path == "" else None
    with pytest.raises(DownloadError, match="sign in"):
        download(job, told, never_cancelled, HASTY)


def test_folder_that_is_there_is_left_alone(job: Fetch, told: Told) -> None:
    job.folder.mkdir(parents=True)
    with pytest.raises(DownloadError, match="is there already"):
        download(job, told, never_cancelled, HASTY)


def test_folder_that_cannot_be_made_is_a_sentence(job: Fetch, told: Told, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(DownloadError, match="cannot be written"):
        download(job, told, never_cancelled, HASTY)


def test_repository_without_a_model_is_a_sentence(job: Fetch, repository: Path, told: Told) -> None:
    (repository / "config.json").unlink()
    with pytest.raises(DownloadError, match="has no model in it"):
        download(job, told, never_cancelled, HASTY)


def test_places_outside_of_the_folder_are_refused(job: Fetch, hub: Hub, told: Told, tmp_path: Path) -> None:
    listing = hub.listing()
    listing["siblings"][0]["rfilename"] = "../stolen.json"
    hub.listing = lambda: listing  # type: ignore[method-assign]  # a hub with bad intentions
    with pytest.raises(DownloadError, match="no place inside"):
        download(job, told, never_cancelled, HASTY)
    assert not (tmp_path / "models" / "stolen.json").exists()


def test_damaged_file_is_found_and_only_it_is_fetched_again(job: Fetch, repository: Path, hub: Hub, told: Told) -> None:
    download(job, told, never_cancelled, HASTY)
    assert inspect(job.folder, told, never_cancelled) == ()
    with (job.folder / WEIGHTS).open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    (job.folder / "LICENSE").unlink()
    assert set(inspect(job.folder, told, never_cancelled)) == {WEIGHTS, "LICENSE"}
    hub.asked.clear()
    assert set(mend(Mend(job.folder, hub.url), told, never_cancelled, HASTY)) == {WEIGHTS, "LICENSE"}
    assert sorted(ask.path for ask in hub.asked) == ["LICENSE", WEIGHTS]
    assert_right(job.folder, repository)


def test_folder_from_elsewhere_has_nothing_to_be_compared_with(tmp_path: Path, told: Told) -> None:
    with pytest.raises(CheckpointError, match="not downloaded by Sightline"):
        inspect(tmp_path, told, never_cancelled)


def test_damaged_receipt_is_a_sentence(tmp_path: Path, told: Told) -> None:
    (tmp_path / receipt.NAME).write_text("{")
    with pytest.raises(CheckpointError, match="delete this file"):
        inspect(tmp_path, told, never_cancelled)

"""A microphone and a speaker for tests without hardware: a private PulseAudio server with a cable to each.

What is played into the cable `virtmic` is heard by the microphone `mic`; what is played on `speaker` can be recorded.
Nothing outside the given folder is read, written or left behind.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Thread

import numpy as np

from tests.helpers.rig_voice import Samples, write_wave

RATE = 48_000
"""Of the server's devices, samples a second."""
START_SECONDS = 20.0

ALSA_CONFIGURATION = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
# "norewinds" makes a device without hardware deliver every 50 ms instead of every two seconds.
DEVICE = "module-null-sink rate=48000 channels=1 norewinds=1 sink_name={name} sink_properties=device.description={name}"
MICROPHONE = (
    "module-remap-source master={master}.monitor source_name={name} source_properties=device.description={name}"
)


class RigError(Exception):
    """The rig's server cannot be had; says what it said."""


class Recording:
    """What a speaker plays, from its making until the recorder is ended; mono, 48 kHz."""

    def __init__(self, recorder: subprocess.Popen[bytes]) -> None:
        assert recorder.stdout is not None
        self._stream = recorder.stdout
        self._chunks: list[bytes] = []
        self._arrivals: list[tuple[int, float]] = []
        self._count = 0
        self._thread = Thread(target=self._read, name="rig recorder", daemon=True)
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How much there is."""
        return self._count / RATE

    def samples(self) -> Samples:
        """float32, within -1 and 1."""
        return np.frombuffer(b"".join(self._chunks), np.int16).astype(np.float32) / np.float32(32768)

    def since(self, chunk: int) -> list[tuple[float, Samples]]:
        """When what arrived, after the first `chunk` times that something did."""
        arrived = self._arrivals[chunk:]
        chunks = self._chunks[chunk : chunk + len(arrived)]
        return [
            (time, np.frombuffer(data, np.int16).astype(np.float32) / np.float32(32768))
            for (_, time), data in zip(arrived, chunks, strict=True)
        ]

    def arrival(self, sample: int) -> float:
        """When (`time.monotonic`) a sample reached this process: some milliseconds after it was played."""
        return next(time for count, time in self._arrivals if count > sample)

    def join(self) -> None:
        self._thread.join()
        self._stream.close()

    def _read(self) -> None:
        rest = b""
        while data := self._stream.read1(4096):  # type: ignore[attr-defined]  # it is a BufferedReader
            data = rest + data
            whole = len(data) - len(data) % 2
            rest = data[whole:]
            self._chunks.append(data[:whole])
            self._count += whole // 2
            self._arrivals.append((self._count, time.monotonic()))


class SoundRig:
    """Started by `start_rig`. `environment` is what a process needs to find these devices and no others."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the rig's own and exists."""
        self._folder = folder
        self._numbers = count()
        """Of what is played: several sounds may be at the same time."""
        folder.chmod(0o700)
        configuration = folder / "asound.conf"
        configuration.write_text(ALSA_CONFIGURATION)
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "pulse"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_SERVER": f"unix:{folder}/pulse/native",
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(configuration),
        }

    def command(self, *words: str) -> str:
        """Runs one of PulseAudio's programs and returns what it says."""
        ran = subprocess.run(words, env={**os.environ, **self.environment}, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise RigError(f"{' '.join(words)}: {ran.stderr}")
        return ran.stdout.strip()

    def plug_in(self, name: str, *, master: str = "virtmic") -> str:
        """One more microphone on a cable; returns what `unplug` wants."""
        return self.command("pactl", "load-module", *MICROPHONE.format(name=name, master=master).split())

    def plug_in_speaker(self, name: str) -> str:
        """One more speaker, or cable for a microphone; returns what `unplug` wants."""
        return self.command("pactl", "load-module", *DEVICE.format(name=name).split())

    def unplug(self, module: str) -> None:
        self.command("pactl", "unload-module", module)

    @contextmanager
    def echoing(self, *, seconds: float = 0.06, percent: int = 50) -> Iterator[None]:
        """The microphone hears the speaker meanwhile, so late, so loud: cubic as on a mixer, 50 is -18 dB."""
        words = ["module-loopback", "source=speaker.monitor", "sink=virtmic", f"latency_msec={round(1000 * seconds)}"]
        words += ["source_dont_move=yes", "sink_dont_move=yes"]
        module = self.command("pactl", "load-module", *words)
        playing = next(line for line in self.streams("sink-inputs") if "module-loopback.c" in line)
        self.command("pactl", "set-sink-input-volume", playing.split()[0], f"{percent}%")
        try:
            yield
        finally:
            self.unplug(module)

    def streams(self, direction: str) -> list[str]:
        """The open streams of other programs: `source-outputs` listen, `sink-inputs` play."""
        return self.command("pactl", "list", "short", direction).splitlines()

    @contextmanager
    def playing(self, samples: Samples, rate: int, *, cable: str = "virtmic") -> Iterator[subprocess.Popen[bytes]]:
        """Plays into a microphone's cable meanwhile; `wait` of what it gives is until the end of it."""
        file = write_wave(self._folder / f"played into {cable} {next(self._numbers)}.wav", samples, rate)
        words = ["paplay", f"--device={cable}", "--latency-msec=50", str(file)]
        with self._running(words) as player:
            yield player

    @contextmanager
    def recording(self, *, source: str = "speaker.monitor") -> Iterator[Recording]:
        """Records what a speaker plays meanwhile; it has begun."""
        words = ["parecord", "--raw", f"--device={source}", "--latency-msec=10", "--process-time-msec=5"]
        words += [f"--rate={RATE}", "--channels=1", "--format=s16le"]
        with self._running(words, stdout=subprocess.PIPE) as recorder:
            recording = Recording(recorder)
            try:
                while not recording.seconds:
                    self.command("pactl", "info")  # the recorder is on its way; a round trip instead of a wait
                yield recording
            finally:
                recorder.terminate()
                recording.join()

    @contextmanager
    def _running(self, words: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(words, env={**os.environ, **self.environment}, stdout=stdout)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


@contextmanager
def start_rig(folder: Path) -> Iterator[SoundRig]:
    """A server with the speaker `speaker` and the microphone `mic`, stopped in the end; raises RigError."""
    rig = SoundRig(folder)
    modules = [
        f"module-native-protocol-unix auth-anonymous=1 socket={folder}/pulse/native",
        DEVICE.format(name="speaker"),
        DEVICE.format(name="virtmic"),
        MICROPHONE.format(name="mic", master="virtmic"),
    ]
    words = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes"]
    words += [f"--log-target=file:{folder}/server.log", *(word for module in modules for word in ("-L", module))]
    with start_and_wait(words, {**os.environ, **rig.environment}, folder / "ready"):
        rig.command("pactl", "set-default-source", "mic")
        rig.command("pactl", "set-default-sink", "speaker")
        yield rig


@contextmanager
def start_and_wait(words: list[str], environment: dict[str, str], address: Path) -> Iterator[None]:
    """A server that says by systemd's notification when it is ready; ended afterwards."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(address))
        ready.settimeout(START_SECONDS)
        server = subprocess.Popen(words, env={**environment, "NOTIFY_SOCKET": str(address)}, stderr=subprocess.DEVNULL)
        try:
            while b"READY=1" not in ready.recv(4096):
                pass
            yield
        except TimeoutError:
            raise RigError(f"{words[0]} did not start within {START_SECONDS:.0f} s.") from None
        finally:
            server.terminate()
            server.wait()

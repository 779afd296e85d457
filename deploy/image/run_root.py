"""Starts what check_root.py made as a container would be, and asks it. usage: run_root.py DOCKERFILE ROOT yes|no (a dashboard is wanted)"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from check_root import told

READY_SECONDS_MAX = 300


def run(*argv):
    subprocess.run(argv, check=True)


def ask(path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:8080{path}", timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, b""
    except OSError:
        return None, b""


class Image:
    def __init__(self, dockerfile, root):
        self.told, self.root = told(dockerfile), root
        # The volumes keep the owner and the mode that the image gives them; all else may not be written.
        run("mount", "--bind", root, root)
        for volume in self.told["volumes"]:
            folder = root + volume
            was = os.stat(folder)
            run("mount", "-t", "tmpfs", "-o", f"uid={was.st_uid},gid={was.st_gid},mode={was.st_mode & 0o7777:o}", "tmpfs", folder)
        for device in ("null", "zero", "urandom", "random"):
            Path(f"{root}/dev/{device}").touch()
            run("mount", "--bind", f"/dev/{device}", f"{root}/dev/{device}")
        run("mount", "-t", "proc", "proc", f"{root}/proc")
        run("mount", "-o", "remount,bind,ro", root)

    def start(self, argv, settings=(), **options):
        """As its user, with its environment and nothing else."""
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"} | self.told["env"] | dict(settings)
        chroot = ["/usr/bin/setpriv", "--no-new-privs", "/usr/sbin/chroot", f"--userspec={self.told['user']}", "--groups=", self.root]
        return subprocess.Popen([*chroot, *argv], env=environment, stdin=subprocess.DEVNULL, **options)

    def health(self, settings=()):
        return self.start(self.told["healthcheck"], settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait(timeout=60)

    def try_role(self, command, settings, ask_it):
        """Started, asked, ended."""
        assert self.health(settings) != 0, "the health check says that it is healthy before it runs"
        with open("/mnt/said", "w") as said:
            process = self.start([*self.told["entrypoint"], *command], settings, stdout=said, stderr=said)
        try:
            until = time.monotonic() + READY_SECONDS_MAX
            while self.health(settings) != 0:
                assert process.poll() is None, f"{command} ended with {process.returncode}"
                assert time.monotonic() < until, f"{command} is not healthy"
                time.sleep(0.2)
            ask_it(process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0, f"{command} ended with {process.returncode}"
        except BaseException:
            print(Path("/mnt/said").read_text(), file=sys.stderr)
            raise


def main():
    dockerfile, root, dashboard = sys.argv[1:]
    image = Image(dockerfile, root)
    assert not list(Path(root).glob("**/bin/*sh")), "there is a shell in the image"
    assert b"BEGIN CERTIFICATE" in Path(root, "etc/ssl/certs/ca-certificates.crt").read_bytes(), "no authorities are known"

    def asked(process):
        status, _ = ask("/health/ready")
        assert status == 200, f"/health/ready answers {status}"
        told_of_it = Path(f"/proc/{process.pid}/status").read_text()
        ids = [line.split()[1:] for line in told_of_it.splitlines() if line.startswith(("Uid:", "Gid:"))]
        assert ids == [[number] * 4 for number in image.told["user"].split(":")], ids
        for line in ("CapEff:\t0000000000000000", "CapPrm:\t0000000000000000", "NoNewPrivs:\t1", "Groups:\t \n"):
            assert line in told_of_it, told_of_it
        try:
            Path("/proc", str(process.pid), "root", "etc", "new").touch()
            raise AssertionError("the root can be written")
        except OSError as refused:
            assert refused.errno == 30, refused  # EROFS, also for root
        status, page = ask("/")
        if dashboard == "yes":
            assert status == 200 and b"<html" in page.lower(), f"the dashboard answers {status}"

    # By itself, everything in one process; then another role on what that one left in the volume, asked at its other port.
    image.try_role(image.told["cmd"], {}, asked)
    image.try_role(["gateway"], {"GAPIN_METRICS_LISTEN": "0.0.0.0:9464"}, asked)
    print(f"image: in a root of its packages alone, read-only, as {image.told['user']}: {image.told['cmd'][0]} and gateway get healthy and end with 0")


if __name__ == "__main__":
    main()

"""What the Dockerfile's last stage makes, as a folder that a process can be started in. usage:

check_root.py compose DOCKERFILE BASE ROOT GAPIN   makes ROOT: what the base image has, out of a Debian in BASE, and what the stage adds
check_root.py told DOCKERFILE                      prints what the stage says of user, environment, entrypoint, … as JSON
check_root.py build DOCKERFILE STAGE               prints the shell commands of a stage's RUN instructions, without cache mounts
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# What gcr.io/distroless/cc-debian12 is made of. Its `nonroot` has the user below.
BASE_PACKAGES = ["base-files", "netbase", "tzdata", "media-types", "ca-certificates", "libc6", "libssl3", "libgcc-s1", "libgomp1", "libstdc++6",
                 "gcc-12-base"]
PASSWD = "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"
GROUP = "root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n"


def instructions(dockerfile):
    """Every instruction: its stage, its word, and the rest of it."""
    text = re.sub(r"\\\n", " ", "\n".join(line for line in Path(dockerfile).read_text().splitlines() if not line.lstrip().startswith("#")))
    stage = None
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            named = re.search(r" AS (\w+)$", rest)
            stage = named[1] if named else "last"
        yield stage, word, re.sub(r"\s+", " ", rest.strip())


def told(dockerfile):
    found = {"env": {}, "copies": [], "volumes": [], "labels": {}}
    arguments = {}
    for stage, word, rest in instructions(dockerfile):
        if stage != "last":
            continue
        if word == "ENV":
            found["env"] |= dict(re.findall(r"(\w+)=(\S+)", rest))
        elif word == "ARG":
            name, _, value = rest.partition("=")
            arguments[name] = value
        elif word == "LABEL":
            found["labels"] |= {name: re.sub(r"\$\{(\w+)\}", lambda one: arguments[one[1]], value) for name, value in re.findall(r'([\w.]+)="([^"]*)"', rest)}
        elif word == "COPY":
            flags = dict(re.findall(r"--(\w+)=(\S+)", rest))
            source, target = re.sub(r"--\S+ ", "", rest).split()
            found["copies"].append({"stage": flags.get("from"), "owner": flags.get("chown"), "source": source, "target": target})
        elif word == "VOLUME":
            found["volumes"].append(rest)
        elif word == "USER":
            found["user"] = rest
        elif word in ("ENTRYPOINT", "CMD"):
            found[word.lower()] = json.loads(rest)
        elif word == "HEALTHCHECK":
            found["healthcheck"] = json.loads(rest[rest.index(" CMD ") + 5:])
        elif word not in ("FROM", "EXPOSE"):
            raise SystemExit(f"what does {word} do in the last stage?")
    for wanted in ("user", "entrypoint", "cmd", "healthcheck"):
        if wanted not in found:
            raise SystemExit(f"the last stage has no {wanted.upper()}")
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", found["user"]):
        raise SystemExit(f"the image runs as {found['user']}, which is no plain user by number")
    return found


def compose(dockerfile, base, root, gapin):
    root.mkdir(parents=True)
    # Folders that Debian has as links: /lib is /usr/lib.
    for name in ("bin", "lib", "lib64", "sbin"):
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    for package in BASE_PACKAGES:
        listed = subprocess.run(["chroot", str(base), "dpkg", "-L", package], check=True, capture_output=True, text=True).stdout.split("\n")
        for name in filter(None, listed):
            source, target = base / name.lstrip("/"), root / name.lstrip("/")
            if source.is_symlink():
                target.parent.mkdir(parents=True, exist_ok=True)
                if not os.path.lexists(target):
                    target.symlink_to(os.readlink(source))
            elif source.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            elif source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
    shutil.copytree(base / "etc/ssl/certs", root / "etc/ssl/certs", symlinks=True, dirs_exist_ok=True)
    (root / "etc/passwd").write_text(PASSWD)
    (root / "etc/group").write_text(GROUP)
    for name, mode in (("tmp", 0o1777), ("proc", 0o555), ("dev", 0o755), ("etc", 0o755)):
        (root / name).mkdir(exist_ok=True)
        (root / name).chmod(mode)
    made = {"/out/gapin": gapin, "/out/data": None}
    for copy in told(dockerfile)["copies"]:
        if copy["stage"] != "build" or copy["source"] not in made:
            raise SystemExit(f"{copy['source']} of {copy['stage']}: what is that?")
        target = root / copy["target"].lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if made[copy["source"]]:
            shutil.copy(made[copy["source"]], target)
            target.chmod(0o755)
        else:
            target.mkdir(mode=0o700)
        if copy["owner"]:
            os.chown(target, *map(int, copy["owner"].split(":")))


def build(dockerfile, wanted):
    for stage, word, rest in instructions(dockerfile):
        if stage == wanted and word == "RUN":
            print(re.sub(r"--mount=\S+ ", "", rest))


def main():
    match sys.argv[1:]:
        case ["compose", dockerfile, base, root, gapin]:
            compose(dockerfile, Path(base), Path(root), gapin)
        case ["told", dockerfile]:
            print(json.dumps(told(dockerfile)))
        case ["build", dockerfile, stage]:
            build(dockerfile, stage)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()

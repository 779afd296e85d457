"""Records before and after it has made children, who record as well."""

import multiprocessing
import os
import sys

import gapin

HOW, FOLDER = sys.argv[1], sys.argv[2]
CHILDREN = 4


def child(number: int, recorder: gapin.Recorder | None) -> None:
    if recorder is None:  # a spawned process has nothing of its parent's
        recorder = gapin.Recorder(batch_age_ms=60_000)
    for each in range(25):
        recorder.query(f"child {number} {each}")
    if HOW == "os_fork":
        recorder.close(60_000)


def main() -> None:
    recorder = gapin.Recorder(batch_age_ms=60_000, disk_queue=FOLDER if HOW == "os_fork_disk" else None)
    for each in range(25):
        recorder.query(f"parent {each}")
    if HOW.startswith("os_fork"):
        children = []
        for number in range(CHILDREN):
            process = os.fork()
            if process == 0:
                child(number, recorder)
                if HOW == "os_fork":
                    os._exit(0)
                return
            children.append(process)
        assert [os.waitpid(process, 0)[1] for process in children] == [0] * CHILDREN
    else:
        context = multiprocessing.get_context(HOW.removeprefix("multiprocessing_"))
        given = recorder if HOW.endswith("fork") else None
        processes = [context.Process(target=child, args=(number, given)) for number in range(CHILDREN)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * CHILDREN
    for each in range(25, 50):
        recorder.query(f"parent {each}")


if __name__ == "__main__":
    main()

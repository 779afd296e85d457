"""Runs each example as its README prints it, against a fresh `gapin dev` (GAPIN_BIN), and asks the gateway what it
kept. usage: check.py [EXAMPLE …]; `make check-examples` installs what it needs first."""

from __future__ import annotations

import os
import sys
import time

from checks import audit_sql, checkout, nextjs_chat, openai_agent, rust_service

EXAMPLES = {
    "openai-agent": openai_agent.check,
    "audit-sql": audit_sql.check,
    "rust-service": rust_service.check,
    "nextjs-chat": nextjs_chat.check,
}


def main() -> int:
    wanted = sys.argv[1:] or [*EXAMPLES]
    unknown = [name for name in wanted if name not in EXAMPLES]
    if unknown or not os.access(os.environ.get("GAPIN_BIN", ""), os.X_OK):
        said = f"there is no example {unknown[0]}: {', '.join(EXAMPLES)}" if unknown else "GAPIN_BIN names no program"
        print(f"{said}\n  mend it with: make check-examples", file=sys.stderr)
        return 2
    checkout.copy()
    faults = 0
    for name in wanted:
        began = time.monotonic()
        try:
            shown = EXAMPLES[name]()
        except checkout.Failed as why:
            print(f"{name}: {why}", file=sys.stderr)
            faults += 1
        else:
            print(f"{name}: {shown} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
